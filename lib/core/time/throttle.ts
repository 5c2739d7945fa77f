import type { Clock } from './clock.ts'

export interface Throttled {
  /** Acts now, or as soon as it may again. */
  ask(): void
  /** Acts now, however shortly after the last time. */
  now(): void
  /** Acts no more by itself. */
  end(): void
}

/** Acts when it is asked to, but at most every `everyMs`; what is asked sooner is done once, at the end of that time. */
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
