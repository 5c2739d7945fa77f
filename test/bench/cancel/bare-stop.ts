import { systemClock } from '../../../lib/core/clock.ts'
import { forkBareWorker } from '../harness/bare-worker.ts'
import type { Competitor } from '../harness/competitor.ts'
import { timeEach } from '../harness/timing.ts'

/** A bare forked worker told to stop while it waits for a page that never comes: it closes its browser and ends. */
export const bareStop: Competitor = {
  name: 'fork, close browser, exit',
  run: options =>
    timeEach(options.starts, async () => {
      const worker = await forkBareWorker(options.browserPath)
      worker.child.send(`${options.pagesUrl}/never`)
      const askedAt = systemClock.monotonic()
      await worker.stop()
      return systemClock.monotonic() - askedAt
    }),
}
