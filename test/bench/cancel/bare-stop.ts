import { systemClock } from '../../../lib/core/time/clock.ts'
import { forkBareWorker } from '../harness/bare-worker.ts'
import type { BareWorker } from '../harness/bare-worker.ts'
import type { Competitor } from '../harness/competitor.ts'
import { timeEach } from '../harness/timing.ts'
import { SWARM } from './swarm.ts'

/**
 * Bare forked workers, told together to end while they wait for a page that never comes: from the
 * order until the last has ended.
 */
function bareEnd(name: string, workers: number, end: (worker: BareWorker) => Promise<void>): Competitor {
  return {
    name,
    run: ({ browserPath, pagesUrl, starts }) =>
      timeEach(Math.ceil(starts / workers), async () => {
        const all: BareWorker[] = []
        // One after the other: how quickly they start is not the question.
        while (all.length < workers) all.push(await forkBareWorker(browserPath))
        for (const { child } of all) child.send(`${pagesUrl}/never`)
        const askedAt = systemClock.monotonic()
        await Promise.all(all.map(end))
        return systemClock.monotonic() - askedAt
      }),
  }
}

/** What one worker costs at least: it closes its browser and ends. */
export const bareStop = bareEnd('fork, close browser, exit', 1, worker => worker.stop())

/** What a swarm costs at least: ten of these at once. */
export const bareStops = bareEnd(`${SWARM} forks, close browsers, exit`, SWARM, worker => worker.stop())

/** What the system needs to take ten browsers away, however it is asked. */
export const bareKills = bareEnd(`${SWARM} forks, kill browsers, exit`, SWARM, worker => worker.kill())
