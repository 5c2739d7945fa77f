import type { Clock } from '../../core/time/clock.ts'
import { localTime } from '../../core/time/local-time.ts'
import type { Log } from '../../core/log.ts'
import { spanText } from '../../core/text/span-text.ts'
import { GAP_MS, uncountedMs } from '../../model/schedule/clock-gap.ts'
import type { ClockGap } from '../../model/schedule/clock-gap.ts'

/** Corrections by time synchronisation are smaller than this. */
const JUMP_MS = 60_000

/** Retention counts in days, so shorter jumps make no difference to it. */
const RETENTION_JUMP_MS = 30 * 60_000

/** Time synchronisation, or a person, corrects a wrong clock within this time. */
const RETENTION_REST_MS = 3_600_000

export interface ClockJumps {
  /** Called with the span of each jump back. */
  readonly onSetBack?: (byMs: number) => void
  /** Called with each jump forward that makes a gap. */
  readonly onGap?: (gap: ClockGap) => void
}

/**
 * Detects jumps of the wall clock by comparison with the monotonic clock at each check. Logs a
 * jump. After a large jump retention rests for an hour, because a clock that is wrong by days makes
 * all records look old. A gap makes no record older.
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

  /** Checks the clock. Returns the jump since the last check: 0 for none, negative for back. */
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

  /** True while nothing may be removed for its age. Checks the clock first. */
  get rests(): boolean {
    this.check()
    return this.clock.monotonic() < this.restsUntil
  }

  /**
   * Returns the age by the wall clock at which a record with the retention `keepMs` is removed.
   * Checks the clock first.
   */
  removalAge(keepMs: number): number {
    return this.rests ? Infinity : keepMs + uncountedMs(this.gaps, keepMs, this.clock.now())
  }

  private gap(gap: ClockGap): void {
    this.gaps = [...this.gaps.filter(({ to }) => to < gap.to), gap]
    this.jumps.onGap?.(gap)
  }
}
