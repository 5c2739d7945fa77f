import { systemClock } from '../../../lib/core/time/clock.ts'
import { AutomateError } from '../../../lib/core/errors/errors.ts'
import { countingSite, foundBy, startDiscoverers } from '../../helpers/store/discoverers.ts'
import type { Competitor } from '../harness/competitor.ts'
import { openOurs } from '../ours/store.ts'

const ROUNDS = 20

/**
 * Returns a competitor in which `workers` worker processes without browsers make the same
 * discoveries, round after round. The samples are from the workers that did not ask the site
 * themselves.
 */
export function discoverers(workers: number): Competitor {
  return {
    name: `${workers} workers`,
    run: async ({ scratch }) => {
      const owner = await openOurs(scratch, 'scheduler')
      const job = { workflow: 'bench', input: {}, workers, retries: 0, origin: 'bench' }
      const { id } = await owner.call('jobs.enqueue', job)
      await owner.call('jobs.claim', { id })
      const site = await countingSite()
      // The runner ends this process with all its child processes.
      const ending = { teardown: () => undefined }
      const programs = await startDiscoverers(ending, {
        root: scratch,
        url: site.url,
        workers,
        rounds: ROUNDS,
      })
      const startedAt = systemClock.monotonic()
      for (const program of programs) program.say('go')
      await Promise.all(programs.map(({ exited }) => exited))
      const wallMs = systemClock.monotonic() - startedAt
      site.close()
      await owner.close()
      if (site.asked.length !== ROUNDS) {
        throw new AutomateError('result-invalid', `${site.asked.length} requests in ${ROUNDS} rounds.`)
      }
      const samplesMs = programs.flatMap((program, index) =>
        foundBy(program)
          .filter(({ by }) => by !== index + 1)
          .map(({ lateMs }) => lateMs),
      )
      return { units: samplesMs.length, wallMs, samplesMs }
    },
  }
}
