import type { Page } from 'puppeteer'
import type { Clock } from '../../core/time/clock.ts'
import { withTimeout } from '../../core/time/timeout.ts'
import { runInternal } from '../browser/cdp/internal-call.ts'
import type { JobBrowser } from '../browser/reuse/lease.ts'

/** A page that paints answers in 0.1 s; one that is stuck never does. */
const SCREENSHOT_LIMIT_MS = 3_000

/** Takes a picture of the page as PNG; `undefined` when there is no page, or it cannot give one in time. Never rejects: it must not hide the failure it shows. */
export async function screenshot(page: Page | undefined, clock: Clock): Promise<Uint8Array | undefined> {
  if (page === undefined || page.isClosed()) return undefined
  try {
    const taking = runInternal(() => page.screenshot({ type: 'png' }))
    return await withTimeout(taking, SCREENSHOT_LIMIT_MS, 'The screenshot', clock)
  } catch {
    return undefined
  }
}

/** Returns the page whose picture shows a failure: the one on which a phase failed, else the job's own; undefined where the browser gives no picture any more. */
export function pageToShow(
  browser: Pick<JobBrowser, 'livePage'>,
  failedOn: Page | undefined,
): Page | undefined {
  const own = browser.livePage()
  return own === undefined || failedOn === undefined || failedOn.isClosed() ? own : failedOn
}
