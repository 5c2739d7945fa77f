import type { Clock } from '../core/time/clock.ts'

/**
 * Maximum number of steps in quick succession that are each written at once, so that a step is on
 * disk before a crash. Each write takes a tenth of a millisecond. In a longer flood, one step is
 * written per interval, and the last one at the end of the flood. Phase changes are always written
 * at once.
 */
const STEP_BURST = 100
const STEP_INTERVAL_MS = 50

/**
 * Longest delay of end-of-phase and URL updates. These updates are batched with the next write, so
 * that a reused worker writes its state once per phase of a short job, not seven times. The loss of
 * such an update is harmless, because nothing new had started.
 */
const TOLD_WITHIN_MS = 200

/** Schedules the writes of a worker's state. */
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

  /** Writes a step: at once, or in a flood of steps after a delay. */
  step(): void {
    const sinceMs = this.clock.monotonic() - this.writtenAt
    this.burst = Math.max(0, this.burst - sinceMs / STEP_INTERVAL_MS) + 1
    if (this.burst <= STEP_BURST || sinceMs >= STEP_INTERVAL_MS) this.now()
    else this.forgetTrailing ??= this.clock.after(STEP_INTERVAL_MS - sinceMs, () => this.now())
  }

  /** Writes with the next update, or after `TOLD_WITHIN_MS` at the latest. */
  within(): void {
    this.forgetTrailing ??= this.clock.after(TOLD_WITHIN_MS, () => this.now())
  }

  /** Writes a pending update now. */
  pending(): void {
    if (this.forgetTrailing !== undefined) this.now()
  }
}
