import { systemClock } from '../../../lib/core/time/clock.ts'
import { forkBareWorker } from '../harness/bare-worker.ts'
import type { BareWorker } from '../harness/bare-worker.ts'
import type { Competitor } from '../harness/competitor.ts'
import { timeEach } from '../harness/timing.ts'
import { SWARM } from './swarm.ts'

/**
 * Returns a competitor of bare forked workers that end together while they wait for a page that
 * never loads. The time runs from the order to the last exit.
 */
function bareEnd(name: string, workers: number, end: (worker: BareWorker) => Promise<void>): Competitor {
  return {
    name,
    run: ({ browserPath, pagesUrl, starts }) =>
      timeEach(Math.ceil(starts / workers), async () => {
        const all: BareWorker[] = []
        // The workers start one after the other, because their start is not measured.
        while (all.length < workers) all.push(await forkBareWorker(browserPath))
        for (const { child } of all) child.send(`${pagesUrl}/never`)
        const askedAt = systemClock.monotonic()
        await Promise.all(all.map(end))
        return systemClock.monotonic() - askedAt
      }),
  }
}

/** Lower bound for one worker: it closes its browser and ends. */
export const bareStop = bareEnd('fork, close browser, exit', 1, worker => worker.stop())

/** Lower bound for a swarm: ten such workers at once. */
export const bareStops = bareEnd(`${SWARM} forks, close browsers, exit`, SWARM, worker => worker.stop())

/** Time in which the system removes ten browsers by any method. */
export const bareKills = bareEnd(`${SWARM} forks, kill browsers, exit`, SWARM, worker => worker.kill())
