import { dueTimes, isActive } from '../schedule/due-times.ts'
import type { Timed } from '../schedule/due-times.ts'
import type { Schedule } from '../schedule/schedule.ts'

/** A correction of the clock back by up to this repeats no run. After a larger one a schedule goes by the new time. */
const MAX_CORRECTION_MS = 5 * 60_000

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

/** True if the schedule's last due time lies in the future, because the clock was set back since. */
export function isAheadOfClock({ consideredAt }: Pick<Schedule, 'consideredAt'>, now: number): boolean {
  return consideredAt - now > MAX_CORRECTION_MS
}

/** Returns the instants of a schedule that is started over at `now`: intervals count from there if their start lies in the future. */
export function startedOver(
  { startsAt }: Pick<Schedule, 'startsAt'>,
  now: number,
): Pick<Schedule, 'startsAt' | 'consideredAt'> {
  return { startsAt: Math.min(startsAt, now), consideredAt: now }
}

/** When the next runs begin, as far as nothing is in their way. */
export function nextRuns(
  schedule: Jittered & Pick<Schedule, 'consideredAt'>,
  now: number,
  count: number,
): number[] {
  // The cron service starts such a schedule over at the time that the clock shows now.
  if (isAheadOfClock(schedule, now))
    return nextRuns({ ...schedule, ...startedOver(schedule, now) }, now, count)
  const due = dueTimes(schedule)
  const runs: number[] = []
  // One that is due already may only be waiting for its jitter.
  let at = due.last(now)
  if (at === null || at <= schedule.consideredAt || runAt(schedule, at) <= now) {
    at = due.next(Math.max(now, schedule.consideredAt))
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
