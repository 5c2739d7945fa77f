/** Source of time, passed to every function that decides by time, so that a test can control it. */
export interface Clock {
  /** Time of the wall clock, in milliseconds since 1970. The wall clock may jump. */
  now(): number
  /** Time of a clock that only moves forward, in milliseconds, for durations. */
  monotonic(): number
  /** Calls `fn` once after `ms`. The returned function cancels the call. */
  after(ms: number, fn: () => void): () => void
}

/** Longest wait of a timer, 24.8 days. A timer with a longer wait fires at once. */
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
