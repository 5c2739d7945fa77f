import type { Clock } from '../../core/time/clock.ts'
import { delay } from '../../core/time/timeout.ts'

/** A change that was not told is found by then. */
const RECHECK_MS = 1_000

/** Waits for the next change that `listen` hears of, for at most a second or `atMostMs`, or for the abort. `forget` leaves nothing behind; call it in any case. */
export function nextChange(
  listen: (listener: () => void) => () => void,
  clock: Clock,
  signal: AbortSignal,
): { readonly wait: (atMostMs?: number) => Promise<void>; readonly forget: () => void } {
  const woken = new AbortController()
  const wake = () => woken.abort()
  const forgetListener = listen(wake)
  signal.addEventListener('abort', wake, { once: true })
  return {
    wait: (atMostMs = RECHECK_MS) => delay(Math.min(RECHECK_MS, atMostMs), clock, woken.signal),
    forget: () => {
      wake()
      forgetListener()
      signal.removeEventListener('abort', wake)
    },
  }
}
