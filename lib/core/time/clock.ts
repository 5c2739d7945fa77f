/** Time, passed in wherever a decision depends on it, so that a test can own it. */
export interface Clock {
  /** The wall clock, in milliseconds since 1970. It may jump. */
  now(): number
  /** A clock that only goes forward, in milliseconds; for durations. */
  monotonic(): number
  /** Calls `fn` once after `ms`; the returned function forgets it. */
  after(ms: number, fn: () => void): () => void
}

/** The longest wait of a timer, 24.8 days: one that is set for longer fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, fn) => {
    const wait = (leftMs: number): NodeJS.Timeout =>
      leftMs > LONGEST_TIMER_MS
        ? setTimeout(() => (timer = wait(leftMs - LONGEST_TIMER_MS)), LONGEST_TIMER_MS)
        : setTimeout(fn, leftMs)
    let timer = wait(ms)
    return () => clearTimeout(timer)
  },
}
