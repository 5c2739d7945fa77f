/** Time, passed in wherever a decision depends on it, so that a test can own it. */
export interface Clock {
  /** The wall clock, in milliseconds since 1970. It may jump. */
  now(): number
  /** A clock that only goes forward, in milliseconds; for durations. */
  monotonic(): number
  /** Calls `fn` once after `ms`; the returned function forgets it. */
  after(ms: number, fn: () => void): () => void
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, fn) => {
    const timer = setTimeout(fn, ms)
    return () => clearTimeout(timer)
  },
}
