import type { Browser, CDPSession } from 'puppeteer'
import type { Clock } from '../../../core/time/clock.ts'
import { delay, withTimeout } from '../../../core/time/timeout.ts'
import { errorCode } from '../../../core/errors/errors.ts'

/**
 * Interval between checks. A stopped or starved Chrome is noticed within 13 s; a dead Chrome is
 * noticed at once, by its exit.
 */
const ASK_EVERY_MS = 3_000

/**
 * Longest wait for a reply. Chrome replies in a millisecond, or in a few hundred on a heavily
 * overloaded machine.
 */
const ANSWER_LIMIT_MS = 5_000

/**
 * Missed replies before the browser counts as silent. A single missed reply may come from a
 * suspended machine, or from a busy worker that has not read the reply yet.
 */
const MISSES = 2

/**
 * Returns a function that sends a request to which only the living browser can reply. puppeteer's
 * own `browser.version()` is no such request, because it caches its first result. The session of
 * the request is opened at once, before a job is there, because within a job the session would
 * count as an effect that no wipe removes.
 */
export function livenessProbe(browser: Browser): () => Promise<unknown> {
  const session: Promise<CDPSession> = browser.target().createCDPSession()
  // The caller of the probe receives the error.
  session.catch(() => undefined)
  return async () => (await session).send('Browser.getVersion')
}

/**
 * Polls the browser and calls `onSilent` once if it does not reply. An open connection to a stopped
 * process reports nothing by itself, so a phase would wait until its limit. Ends when `over`
 * aborts.
 */
export async function watchLiveness(
  ask: () => Promise<unknown>,
  onSilent: (silentMs: number) => void,
  { over, clock }: { readonly over: AbortSignal; readonly clock: Clock },
): Promise<void> {
  let missed = 0
  for (;;) {
    if (missed === 0) await delay(ASK_EVERY_MS, clock, over)
    if (over.aborted) return
    try {
      await withTimeout(ask(), ANSWER_LIMIT_MS, 'The response of the browser', clock)
      missed = 0
    } catch (error) {
      // Another error is no silence, and ends the watch. If the connection has ended, another
      // listener reports it.
      if (errorCode(error) !== 'deadline') return
      missed += 1
      if (missed < MISSES) continue
      onSilent(MISSES * ANSWER_LIMIT_MS)
      return
    }
  }
}
