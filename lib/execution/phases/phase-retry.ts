import type { Page } from 'puppeteer'
import type { PhaseSpec } from '../../authoring/workflow-runtime.ts'
import { WITHOUT_BROWSER } from '../../core/errors/error-codes.ts'
import { classifyError } from '../diagnostics/classify-error.ts'

/**
 * Pause before a retry of a phase. Most hiccups of a page are over by then, and the job's own
 * retries cover longer ones.
 */
export const PHASE_RETRY_PAUSE_MS = 500

/**
 * True if a failed try of a phase is retried in the same browser. It is never retried after a stop,
 * a dead browser, a rate limit of a domain, or an error that makes a retry useless. Otherwise
 * `retryOn` decides. Without `retryOn`, every error is retried that requires no other proxy or
 * session.
 */
export function triesAgain(thrown: unknown, { retries = 0, retryOn }: PhaseSpec, tryIndex: number): boolean {
  if (tryIndex > retries) return false
  const { code, recovery, facts } = classifyError(thrown, null)
  if (code === 'cancelled' || WITHOUT_BROWSER.has(code) || recovery.retry === 'never') return false
  // A rate limit forbids a retry half a second later.
  if (code === 'navigate' && ('retryAfterMs' in facts || facts['status'] === 429)) return false
  return retryOn?.includes(code) ?? (recovery.retry === 'now' || recovery.retry === 'backoff')
}

/**
 * Stops a navigation that still waits for its site. The navigation fails as aborted, and with it
 * the try of the phase. Never throws, and does not wait for the page's reply.
 */
export function stopLoading(page: Page): void {
  const stop = async () => {
    const session = await page.createCDPSession()
    await session.send('Page.stopLoading')
    await session.detach()
  }
  stop().catch(() => undefined)
}
