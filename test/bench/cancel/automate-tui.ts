import { systemClock } from '../../../lib/core/time/clock.ts'
import type { BenchOptions, Competitor, Measurement } from '../harness/competitor.ts'
import { timeEach } from '../harness/timing.ts'
import { untilBusy, untilGone } from '../ours/busy-workers.ts'
import { startGate } from '../ours/gate.ts'
import { startProgram } from '../ours/program.ts'
import { makeProject } from '../ours/project.ts'
import { openOurs } from '../ours/store.ts'
import { SWARM } from './swarm.ts'
import type { Store } from '../../../lib/store/store.ts'

/** Runs `stop` again and again on a scheduler with this number of slots. */
async function onScheduler(
  options: BenchOptions,
  workers: number,
  times: number,
  stop: (store: Store) => Promise<number>,
): Promise<Measurement> {
  makeProject(options.scratch, { workers, browserPath: options.browserPath })
  const program = startProgram(options.scratch)
  const store = await openOurs(options.scratch, 'client')
  const measurement = await timeEach(times, () => stop(store))
  await store.close()
  await program.stop()
  return measurement
}

async function startBusyJob(
  { scratch, pagesUrl }: BenchOptions,
  store: Store,
  workers: number,
  gate: { gate?: string },
): Promise<{ id: number; pids: readonly number[] }> {
  const input = { url: `${pagesUrl}/never`, ...gate }
  const { id } = await store.call('jobs.enqueue', {
    workflow: 'wait-for-ever',
    input,
    workers,
    retries: 0,
    origin: 'bench',
  })
  return { id, pids: await untilBusy(scratch, id, workers) }
}

/**
 * Cancels a running job as an operator. Measures from the request to the store until its worker and
 * its browser are gone.
 */
export const cancelJob: Competitor = {
  name: 'automate-tui: cancel a job',
  run: options =>
    onScheduler(options, 1, options.starts, async store => {
      const { id, pids } = await startBusyJob(options, store, 1, {})
      const askedAt = systemClock.monotonic()
      await store.call('jobs.cancel', { id })
      await untilGone(pids)
      return systemClock.monotonic() - askedAt
    }),
}

/**
 * Ends a swarm of ten whose target one worker meets. Measures from the accepted offer until all ten
 * workers and their browsers are gone.
 */
export const endSwarm: Competitor = {
  name: `automate-tui: target met, ${SWARM} workers`,
  run: options =>
    onScheduler(options, SWARM, Math.ceil(options.starts / SWARM), async store => {
      const gate = await startGate()
      const { pids } = await startBusyJob(options, store, SWARM, { gate: gate.url })
      const accepted = new Promise<number>(resolve => {
        const forget = store.onChange(tables => {
          if (!tables.includes('offers')) return
          forget()
          resolve(systemClock.monotonic())
        })
      })
      gate.open()
      const acceptedAt = await accepted
      await untilGone(pids)
      gate.close()
      return systemClock.monotonic() - acceptedAt
    }),
}
