import type { Page } from 'puppeteer'
import type { Clock } from '../../core/time/clock.ts'
import { withTimeout } from '../../core/time/timeout.ts'
import { runInternal } from '../browser/cdp/internal-call.ts'
import type { JobBrowser } from '../browser/reuse/lease.ts'

/**
 * Longest wait for a screenshot. A page that paints replies in 0.1 s, and a stuck page never
 * replies.
 */
const SCREENSHOT_LIMIT_MS = 3_000

/**
 * Takes a screenshot of the page as PNG. Resolves with `undefined` if there is no page, or if the
 * screenshot fails or takes too long. Never rejects, because an error would hide the failure that
 * the screenshot is to show.
 */
export async function screenshot(page: Page | undefined, clock: Clock): Promise<Uint8Array | undefined> {
  if (page === undefined || page.isClosed()) return undefined
  try {
    const taking = runInternal(() => page.screenshot({ type: 'png' }))
    return await withTimeout(taking, SCREENSHOT_LIMIT_MS, 'The screenshot', clock)
  } catch {
    return undefined
  }
}

/**
 * Returns the page for the screenshot of a failure: the page on which a phase failed, or else the
 * job's own page. Returns undefined if the browser cannot take a screenshot.
 */
export function pageToShow(
  browser: Pick<JobBrowser, 'livePage'>,
  failedOn: Page | undefined,
): Page | undefined {
  const own = browser.livePage()
  return own === undefined || failedOn === undefined || failedOn.isClosed() ? own : failedOn
}
