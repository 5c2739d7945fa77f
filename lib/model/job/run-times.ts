import { dueTimes, isActive } from '../schedule/due-times.ts'
import type { Timed } from '../schedule/due-times.ts'
import type { Schedule } from '../schedule/schedule.ts'

/**
 * Largest backward step of the clock after which a schedule repeats no run. After a larger step a
 * schedule follows the new time.
 */
const MAX_CORRECTION_MS = 5 * 60_000

type Jittered = Timed & Pick<Schedule, 'name' | 'jitterMs'>

/**
 * Returns the instant at which the run of a due time starts: the due time plus the jitter. The
 * jitter is always the same for a schedule and a due time. It ends before the next due time, and
 * never moves a run out of the active hours.
 */
export function runAt(schedule: Jittered, dueAt: number): number {
  if (schedule.jitterMs === 0) return dueAt
  const gapMs = (dueTimes(schedule).next(dueAt) ?? Infinity) - dueAt
  const at = dueAt + Math.floor(shareOf(`${schedule.name}@${dueAt}`) * Math.min(schedule.jitterMs, gapMs))
  return isActive(schedule, at) ? at : dueAt
}

/**
 * True if the schedule's last due time is in the future, because the clock was set back after it.
 */
export function isAheadOfClock({ consideredAt }: Pick<Schedule, 'consideredAt'>, now: number): boolean {
  return consideredAt - now > MAX_CORRECTION_MS
}

/**
 * Returns the changed instants of a schedule that starts again at `now`. The intervals are counted
 * from `now` if their start is in the future.
 */
export function startedOver(
  { startsAt }: Pick<Schedule, 'startsAt'>,
  now: number,
): Pick<Schedule, 'startsAt' | 'consideredAt'> {
  return { startsAt: Math.min(startsAt, now), consideredAt: now }
}

/** Returns the instants at which the next `count` runs start, if nothing delays them. */
export function nextRuns(
  schedule: Jittered & Pick<Schedule, 'consideredAt'>,
  now: number,
  count: number,
): number[] {
  // The cron service restarts such a schedule at the current time of the clock.
  if (isAheadOfClock(schedule, now))
    return nextRuns({ ...schedule, ...startedOver(schedule, now) }, now, count)
  const due = dueTimes(schedule)
  const runs: number[] = []
  // A run that is due already may still wait for its jitter.
  let at = due.last(now)
  if (at === null || at <= schedule.consideredAt || runAt(schedule, at) <= now) {
    at = due.next(Math.max(now, schedule.consideredAt))
  }
  for (; at !== null && runs.length < count; at = due.next(at)) runs.push(runAt(schedule, at))
  return runs
}

/**
 * Maps a text to an evenly distributed number that is at least 0 and less than 1. The hash is
 * FNV-1a with the finalizer of MurmurHash3. With FNV-1a alone the last letters would hardly change
 * the first bits.
 */
function shareOf(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}
