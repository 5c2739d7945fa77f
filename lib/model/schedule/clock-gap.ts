import { z } from 'zod'
import { Instant } from '../json.ts'

/**
 * Wall time in which no scheduler ran, or by which the clock jumped forward. An unused project and
 * a wrong clock look the same.
 */
export const ClockGap = z.object({ from: Instant, to: Instant })
export type ClockGap = z.infer<typeof ClockGap>

/** Shortest gap, so that a project that is used once a week has none. */
export const GAP_MS = 7 * 86_400_000

/**
 * Returns the part of the past that does not count towards the age of records kept for `keepMs`. A
 * gap older than `keepMs` is over, because all records from before the gap are too old without it.
 */
export function uncountedMs(gaps: readonly ClockGap[], keepMs: number, now: number): number {
  return gaps
    .filter(({ to }) => to <= now && now - to < keepMs)
    .reduce((sum, { from, to }) => sum + to - from, 0)
}
