/**
 * Source of time. It is passed to every function that depends on time, so that tests can control
 * the time.
 */
export interface Clock {
  /** Time of the wall clock, in milliseconds since the Unix epoch. The wall clock may jump. */
  now(): number
  /** Time of the monotonic clock, in milliseconds, for measuring durations. */
  monotonic(): number
  /** Calls `fn` once after `ms` milliseconds. The returned function cancels the call. */
  after(ms: number, fn: () => void): () => void
}

/** Maximum delay of a timer, 24.8 days. Node fires a timer with a longer delay at once. */
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
