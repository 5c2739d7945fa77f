import { dueTimes, isActive } from './due-times.ts'
import type { Timed } from './due-times.ts'
import type { Schedule } from './schedule.ts'

/** A wall clock that was so far ahead was wrong. */
const CLOCK_WAS_WRONG_MS = 24 * 60 * 60_000

type Jittered = Timed & Pick<Schedule, 'name' | 'jitterMs'>

/**
 * When the run of a due time begins: later by the jitter, which is always the same for one schedule and due time, comes before the next due time, and carries no run over the end of the
 * active hours.
 */
export function runAt(schedule: Jittered, dueAt: number): number {
  if (schedule.jitterMs === 0) return dueAt
  const gapMs = (dueTimes(schedule).next(dueAt) ?? Infinity) - dueAt
  const at = dueAt + Math.floor(shareOf(`${schedule.name}@${dueAt}`) * Math.min(schedule.jitterMs, gapMs))
  return isActive(schedule, at) ? at : dueAt
}

/** Up to when all due times are done with. A clock that was a day ahead when the last one was looked at stops nothing now. */
export function consideredUpTo({ consideredAt }: Pick<Schedule, 'consideredAt'>, now: number): number {
  return consideredAt - now > CLOCK_WAS_WRONG_MS ? now : consideredAt
}

/** When the next runs begin, as far as nothing is in their way. */
export function nextRuns(
  schedule: Jittered & Pick<Schedule, 'consideredAt'>,
  now: number,
  count: number,
): number[] {
  const due = dueTimes(schedule)
  const runs: number[] = []
  // One that is due already may only be waiting for its jitter.
  let at = due.last(now)
  if (at === null || at <= consideredUpTo(schedule, now) || runAt(schedule, at) <= now) {
    at = due.next(Math.max(now, consideredUpTo(schedule, now)))
  }
  for (; at !== null && runs.length < count; at = due.next(at)) runs.push(runAt(schedule, at))
  return runs
}

/** A text as a number in [0, 1), evenly spread (FNV-1a, with the finish of MurmurHash3: the last letters alone would hardly change the first bits). */
function shareOf(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}
