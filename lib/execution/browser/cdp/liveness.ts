import type { Browser, CDPSession } from 'puppeteer'
import type { Clock } from '../../../core/time/clock.ts'
import { delay, withTimeout } from '../../../core/time/timeout.ts'
import { errorCode } from '../../../core/errors/errors.ts'

/** A stopped or starved Chrome is noticed within 13 s; one that died is noticed at once, by its exit. */
const ASK_EVERY_MS = 3_000

/** Chrome answers in a millisecond; on a machine that is overloaded many times over, in some hundred. */
const ANSWER_LIMIT_MS = 5_000

/** One missed answer may be a machine that slept, or a worker that was busy itself and has not read it yet. */
const MISSES = 2

/**
 * A question that only the living browser answers: puppeteer's own `browser.version()` asks once and remembers. What asking takes is set up at once, before a job is there: of a job, a
 * session of the browser would be something that no wipe takes away.
 */
export function livenessProbe(browser: Browser): () => Promise<unknown> {
  const session: Promise<CDPSession> = browser.target().createCDPSession()
  // Who asks hears of it.
  session.catch(() => undefined)
  return async () => (await session).send('Browser.getVersion')
}

/**
 * Asks the browser again and again whether it is there, and calls `onSilent` once when it is not: a connection that stays open to a process that does nothing
 * any more tells nothing by itself, and a phase that waits for it would wait until its limit. Ends when `over` aborts.
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
      await withTimeout(ask(), ANSWER_LIMIT_MS, 'The answer of the browser', clock)
      missed = 0
    } catch (error) {
      // A refusal is an answer, or the end of the connection, which is told elsewhere.
      if (errorCode(error) !== 'deadline') return
      missed += 1
      if (missed < MISSES) continue
      onSilent(MISSES * ANSWER_LIMIT_MS)
      return
    }
  }
}
