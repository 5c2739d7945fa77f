import type { Clock } from './clock.ts'

export interface Throttled {
  /** Calls `act` now, or as soon as the interval allows. */
  ask(): void
  /** Calls `act` now, even if the interval since the last call has not passed. */
  now(): void
  /** Cancels a pending call. */
  end(): void
}

/**
 * Limits calls of `act` to one per `everyMs`. Requests within the interval are combined into one
 * call at its end.
 */
export function throttle(everyMs: number, clock: Clock, act: () => void): Throttled {
  let actedAt = -Infinity
  let forget: (() => void) | undefined
  const end = () => {
    forget?.()
    forget = undefined
  }
  const now = () => {
    end()
    actedAt = clock.monotonic()
    act()
  }
  return {
    ask: () => {
      const leftMs = actedAt + everyMs - clock.monotonic()
      if (leftMs <= 0) now()
      else forget ??= clock.after(leftMs, now)
    },
    now,
    end,
  }
}
