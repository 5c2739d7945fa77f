import { z } from 'zod'
import { Instant } from '../json.ts'

/**
 * Time in which no scheduler ran, or over which the clock jumped forward, in wall time. A project that rested and a clock that is
 * wrong look the same.
 */
export const ClockGap = z.object({ from: Instant, to: Instant })
export type ClockGap = z.infer<typeof ClockGap>

/** A project that is used once a week has no gap. */
export const GAP_MS = 7 * 86_400_000

/**
 * Returns the part of the past that does not count to the age of records that are kept for `keepMs`. A gap older than that is
 * over: all records from before it are too old without it.
 */
export function uncountedMs(gaps: readonly ClockGap[], keepMs: number, now: number): number {
  return gaps
    .filter(({ to }) => to <= now && now - to < keepMs)
    .reduce((sum, { from, to }) => sum + to - from, 0)
}
