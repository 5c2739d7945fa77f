import type { Clock } from '../core/time/clock.ts'

/**
 * A step is on disk before the next thing can go wrong, at a tenth of a millisecond each. Only a flood of steps is thinned out: after this many in a row
 * without a pause, one every interval, the last one at its end. Phase changes never wait.
 */
const STEP_BURST = 100
const STEP_INTERVAL_MS = 50

/**
 * What only tells that something is over, or where the page is, waits so long for what comes next to be written with it: a short job of a kept worker is written once
 * a phase then, not seven times. Nobody misses it who reads what a killed worker did last: it had just begun nothing else.
 */
const TOLD_WITHIN_MS = 200

/** When what a worker has to say is written. */
export class ThrottledWriter {
  private readonly clock: Clock
  private readonly write: () => void
  private writtenAt = -Infinity
  private burst = 0
  private forgetTrailing: (() => void) | undefined

  /** `write` writes the newest state, synchronously. */
  constructor(clock: Clock, write: () => void) {
    this.clock = clock
    this.write = write
  }

  now(): void {
    this.forgetTrailing?.()
    this.forgetTrailing = undefined
    this.writtenAt = this.clock.monotonic()
    this.write()
  }

  /** At once, but for a flood. */
  step(): void {
    const sinceMs = this.clock.monotonic() - this.writtenAt
    this.burst = Math.max(0, this.burst - sinceMs / STEP_INTERVAL_MS) + 1
    if (this.burst <= STEP_BURST || sinceMs >= STEP_INTERVAL_MS) this.now()
    else this.forgetTrailing ??= this.clock.after(STEP_INTERVAL_MS - sinceMs, () => this.now())
  }

  /** With what comes next, or soon. */
  within(): void {
    this.forgetTrailing ??= this.clock.after(TOLD_WITHIN_MS, () => this.now())
  }

  /** What still waits to be written, now. */
  pending(): void {
    if (this.forgetTrailing !== undefined) this.now()
  }
}
