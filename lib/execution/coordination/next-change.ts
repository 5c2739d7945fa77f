import type { Clock } from '../../core/time/clock.ts'
import { delay } from '../../core/time/timeout.ts'

/** Longest time until a change without a notification is found. */
const RECHECK_MS = 1_000

/**
 * Starts to listen for the next change. `wait` resolves at this change, at the abort, or after
 * `atMostMs`, and after a second at the latest. Always call `forget`, which removes the listener
 * and the timer.
 */
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
