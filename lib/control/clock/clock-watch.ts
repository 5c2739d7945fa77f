import type { Clock } from '../../core/time/clock.ts'
import { localTime } from '../../core/time/local-time.ts'
import type { Log } from '../../core/log.ts'
import { spanText } from '../../core/text/span-text.ts'
import { GAP_MS, uncountedMs } from '../../model/schedule/clock-gap.ts'
import type { ClockGap } from '../../model/schedule/clock-gap.ts'

/** Smallest change that counts as a jump. Corrections by time synchronisation are smaller. */
const JUMP_MS = 60_000

/**
 * Smallest jump that suspends retention. Retention is counted in days, so smaller jumps make no
 * difference to it.
 */
const RETENTION_JUMP_MS = 30 * 60_000

/**
 * Time for which a jump suspends retention. A wrong clock is corrected within this time, by time
 * synchronisation or by a person.
 */
const RETENTION_REST_MS = 3_600_000

export interface ClockJumps {
  /** Called with the size of each jump back, in milliseconds. */
  readonly onSetBack?: (byMs: number) => void
  /** Called with the gap that a jump forward makes, if the jump is longer than `GAP_MS`. */
  readonly onGap?: (gap: ClockGap) => void
}

/**
 * Detects and logs jumps of the wall clock, by comparing it with the monotonic clock at each check.
 * A large jump suspends retention for an hour, because a clock that is wrong by days makes all
 * records look old. The time in a gap does not count for the age of records.
 */
export class ClockWatch {
  /** Past gaps, oldest first. */
  gaps: readonly ClockGap[] = []
  private readonly clock: Clock
  private readonly log: Log
  private readonly jumps: ClockJumps
  private offset: number
  private restsUntil = -Infinity

  constructor(clock: Clock, log: Log, jumps: ClockJumps = {}) {
    this.clock = clock
    this.log = log
    this.jumps = jumps
    this.offset = clock.now() - clock.monotonic()
  }

  /**
   * Checks the clock. Returns the jump since the last check, in milliseconds. It is 0 if there was
   * none, and negative for a jump back.
   */
  check(): number {
    const { clock, log, jumps } = this
    const [now, monotonic] = [clock.now(), clock.monotonic()]
    const byMs = now - monotonic - this.offset
    this.offset = now - monotonic
    if (Math.abs(byMs) < JUMP_MS) return 0
    const isLarge = Math.abs(byMs) >= RETENTION_JUMP_MS
    if (isLarge) this.restsUntil = monotonic + RETENTION_REST_MS
    log.warn(
      `The clock jumped ${byMs > 0 ? 'forward' : 'back'} by ${spanText(byMs)}, from ${localTime(now - byMs)} to ${localTime(now)}, or this machine slept. Limits of jobs are not affected.${
        isLarge ? ' For an hour, nothing is removed because of its age.' : ''
      }${byMs > GAP_MS ? ' This time does not count for the age of records.' : ''}`,
    )
    if (byMs < 0) jumps.onSetBack?.(Math.round(-byMs))
    if (byMs > GAP_MS) this.gap({ from: Math.max(0, Math.round(now - byMs)), to: Math.round(now) })
    return byMs
  }

  /** True while nothing may be removed because of its age. Checks the clock first. */
  get rests(): boolean {
    this.check()
    return this.clock.monotonic() < this.restsUntil
  }

  /**
   * Returns the age, in milliseconds of the wall clock, at which a record with the retention
   * `keepMs` is removed. Returns `Infinity` while retention is suspended. Checks the clock first.
   */
  removalAge(keepMs: number): number {
    return this.rests ? Infinity : keepMs + uncountedMs(this.gaps, keepMs, this.clock.now())
  }

  private gap(gap: ClockGap): void {
    this.gaps = [...this.gaps.filter(({ to }) => to < gap.to), gap]
    this.jumps.onGap?.(gap)
  }
}
