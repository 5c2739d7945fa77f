import type { Clock } from '../../core/clock.ts'
import { localTime } from '../../core/local-time.ts'
import type { Log } from '../../core/log.ts'

/** Corrections by time synchronisation stay below this. */
const JUMP_MS = 60_000

/** Retention keeps by days, so shorter jumps make no difference to it. */
const RETENTION_JUMP_MS = 30 * 60_000

/** Time synchronisation, or a person, corrects a wrong clock within this time. */
const RETENTION_REST_MS = 3_600_000

/**
 * Notices jumps of the wall clock: it compares the wall clock with the monotonic clock at each check. A jump is logged, and after a
 * large one retention rests for an hour, because a clock that is wrong by days makes all records look old.
 */
export class ClockWatch {
  private readonly clock: Clock
  private readonly log: Log
  private readonly onSetBack: (byMs: number) => void
  private offset: number
  private restsUntil = -Infinity

  /** `onSetBack` is called with the span of each jump back. */
  constructor(clock: Clock, log: Log, onSetBack: (byMs: number) => void = () => undefined) {
    this.clock = clock
    this.log = log
    this.onSetBack = onSetBack
    this.offset = clock.now() - clock.monotonic()
  }

  /** Checks the clock; returns by how much it has jumped since the last check: 0 for none, negative for back. */
  check(): number {
    const { clock, log } = this
    const [now, monotonic] = [clock.now(), clock.monotonic()]
    const byMs = now - monotonic - this.offset
    this.offset = now - monotonic
    if (Math.abs(byMs) < JUMP_MS) return 0
    const isLarge = Math.abs(byMs) >= RETENTION_JUMP_MS
    if (isLarge) this.restsUntil = monotonic + RETENTION_REST_MS
    log.warn(
      `The clock jumped ${byMs > 0 ? 'forward' : 'back'} by ${spanText(byMs)}, from ${localTime(now - byMs)} to ${localTime(now)}, or this machine slept. Limits of jobs are not affected.${
        isLarge ? ' Nothing is removed for its age for an hour.' : ''
      }`,
    )
    if (byMs < 0) this.onSetBack(Math.round(-byMs))
    return byMs
  }

  /** True while nothing may be removed for its age. Checks the clock first. */
  get rests(): boolean {
    this.check()
    return this.clock.monotonic() < this.restsUntil
  }
}

const SECONDS = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
] as const

/** Writes a time span in its two largest units, such as `1 d 2 h`. */
function spanText(ms: number): string {
  let rest = Math.round(Math.abs(ms) / 1_000)
  const parts = SECONDS.flatMap(([unit, seconds]) => {
    const count = Math.floor(rest / seconds)
    rest -= count * seconds
    return count === 0 ? [] : [`${count} ${unit}`]
  })
  return parts.slice(0, 2).join(' ')
}
