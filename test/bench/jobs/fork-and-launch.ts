import type { Competitor } from '../harness/competitor.ts'
import { forkBareWorker } from '../harness/bare-worker.ts'
import { checkContent, pageUrl } from '../harness/page-content.ts'
import { timeRate } from '../harness/timing.ts'
import { inLanes } from './in-lanes.ts'

/**
 * Loop that forks a process with its own browser for each job. The isolation `process` is compared
 * with it.
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
