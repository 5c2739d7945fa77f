import { dueTimes, isActive, nextOpening } from '../../../model/schedule/due-times.ts'
import type { DueTimes } from '../../../model/schedule/due-times.ts'
import { isAheadOfClock, runAt } from '../../../model/job/run-times.ts'
import { MAX_COUNTED } from '../../../model/schedule/schedule.ts'
import type { Schedule } from '../../../model/schedule/schedule.ts'

/**
 * Longest delay with which a run counts as on time. Timers can be late, and a scheduler takes a
 * moment to start.
 */
export const ON_TIME_MS = 60_000

/**
 * Action that a schedule needs. `missed` is the number of earlier due times that passed without a
 * run.
 */
export type Verdict =
  /** Waits until `until` (epoch ms); forever if it is null. */
  | { readonly do: 'wait'; readonly until: number | null }
  /**
   * The clock was set back. The schedule continues from the current time, and due times that come
   * again cause runs again.
   */
  | { readonly do: 'start-over' }
  | { readonly do: 'run'; readonly dueAt: number; readonly missed: number }
  | {
      readonly do: 'miss'
      readonly dueAt: number
      readonly missed: number
      readonly reason: 'late' | 'inactive'
    }

type Decided = Omit<Schedule, 'last' | 'source' | 'revision' | 'paused'>

/**
 * Returns the action for a schedule that is not paused. Pure. Only the latest due time causes a
 * run; earlier ones count as missed. A late run starts only within its catch-up window. Outside of
 * the active hours, a run starts only if it is on time.
 */
export function decideSchedule(schedule: Decided, now: number): Verdict {
  if (isAheadOfClock(schedule, now)) return { do: 'start-over' }
  const due = dueTimes(schedule)
  const since = schedule.consideredAt
  const begins = (dueAt: number | null) => (dueAt === null ? null : runAt(schedule, dueAt))
  const passed = due.last(now)
  if (passed === null || passed <= since) {
    return { do: 'wait', until: begins(due.next(Math.max(since, now))) }
  }
  const before = runAt(schedule, passed) > now ? due.last(passed - 1) : passed
  if (before === null || before <= since) return { do: 'wait', until: begins(passed) }

  const dueAt = before
  const beginsAt = runAt(schedule, dueAt)
  const missed = countBetween(due, since, dueAt)
  if (now - beginsAt <= ON_TIME_MS) return { do: 'run', dueAt, missed }
  if (now - beginsAt > schedule.catchUpMs) return { do: 'miss', dueAt, missed, reason: 'late' }
  if (isActive(schedule, now)) return { do: 'run', dueAt, missed }
  const opening = nextOpening(schedule, now)
  if (opening === null || opening - beginsAt > schedule.catchUpMs) {
    return { do: 'miss', dueAt, missed, reason: 'inactive' }
  }
  return { do: 'wait', until: opening }
}

function countBetween(due: DueTimes, after: number, end: number): number {
  let count = 0
  for (let at = due.next(after); at !== null && at < end && count < MAX_COUNTED; at = due.next(at)) count++
  return count
}
