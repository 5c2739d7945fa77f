import type { Competitor } from '../harness/competitor.ts'
import { forkBareWorker } from '../harness/bare-worker.ts'
import { checkContent, pageUrl } from '../harness/page-content.ts'
import { timeRate } from '../harness/timing.ts'
import { inLanes } from './in-lanes.ts'

/**
 * A loop that forks a process with a browser of its own for each job: what the isolation `process`
 * is to be measured against.
 */
export const forkAndLaunch: Competitor = {
  name: 'raw: fork and launch',
  run: options =>
    timeRate(options.jobs, () =>
      inLanes(options.jobs, options.concurrency, async job => {
        const worker = await forkBareWorker(options.browserPath)
        checkContent(await worker.visit(pageUrl(options.pagesUrl, job)), job)
        await worker.stop()
      }),
    ),
}
