import { z } from 'zod'
import { Instant } from '../json.ts'

/**
 * Period of the wall clock in which no scheduler ran, or over which the clock jumped forward. The
 * two cannot be distinguished.
 */
export const ClockGap = z.object({ from: Instant, to: Instant })
export type ClockGap = z.infer<typeof ClockGap>

/** Shortest period that counts as a gap, so that a project that is used once a week has no gaps. */
export const GAP_MS = 7 * 86_400_000

/**
 * Returns how many milliseconds of the past do not count towards the age of records that are kept
 * for `keepMs`. A gap that ended more than `keepMs` ago no longer matters, because records from
 * before it are too old even without the gap.
 */
export function uncountedMs(gaps: readonly ClockGap[], keepMs: number, now: number): number {
  return gaps
    .filter(({ to }) => to <= now && now - to < keepMs)
    .reduce((sum, { from, to }) => sum + to - from, 0)
}
