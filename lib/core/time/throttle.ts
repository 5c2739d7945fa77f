import type { Clock } from './clock.ts'

export interface Throttled {
  /** Acts now, or as soon as the interval allows. */
  ask(): void
  /** Acts now, however short the time since the last call. */
  now(): void
  /** Cancels a pending act. */
  end(): void
}

/**
 * Acts on request, but at most every `everyMs`. Earlier requests are combined into one act at the
 * end of that time.
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
