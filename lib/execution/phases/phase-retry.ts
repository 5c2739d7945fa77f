import type { PhaseSpec } from '../../authoring/workflow-runtime.ts'
import type { Page } from 'puppeteer'
import { WITHOUT_BROWSER } from '../../core/errors/error-codes.ts'
import { classifyError } from '../diagnostics/classify-error.ts'

/** Most hiccups of a page are over by then; what lasts longer is for the job's own retries. */
export const PHASE_RETRY_PAUSE_MS = 500

/**
 * Whether a failed try of a phase is followed by another one, in the same browser. Never after a stop, a dead browser, a domain's refusal, or what says that trying again is useless; else as
 * `retryOn` says, or after everything that asks for no other proxy or session.
 */
export function triesAgain(thrown: unknown, { retries = 0, retryOn }: PhaseSpec, tryIndex: number): boolean {
  if (tryIndex > retries) return false
  const { code, recovery, facts } = classifyError(thrown, null)
  if (code === 'cancelled' || WITHOUT_BROWSER.has(code) || recovery.retry === 'never') return false
  // Who asks to be left alone is not asked again half a second later.
  if (code === 'navigate' && ('retryAfterMs' in facts || facts['status'] === 429)) return false
  return retryOn?.includes(code) ?? (recovery.retry === 'now' || recovery.retry === 'backoff')
}

/** Lets a navigation end that still waits for its site: it fails as aborted, and its try with it. Never rejects; a page that does not answer is not waited for. */
export function stopLoading(page: Page): void {
  const stop = async () => {
    const session = await page.createCDPSession()
    await session.send('Page.stopLoading')
    await session.detach()
  }
  stop().catch(() => undefined)
}
