import { dueTimes, isActive, nextOpening } from '../../../model/schedule/due-times.ts'
import type { DueTimes } from '../../../model/schedule/due-times.ts'
import { isAheadOfClock, runAt } from '../../../model/job/run-times.ts'
import { MAX_COUNTED } from '../../../model/schedule/schedule.ts'
import type { Schedule } from '../../../model/schedule/schedule.ts'

/** A run that begins so much late is in time: timers are late, and a scheduler takes a moment to start. */
export const ON_TIME_MS = 60_000

/** What is to be done about a schedule. `missed`: how many due times before that one have passed without a run. */
export type Verdict =
  /** Nothing before that instant; null: for ever. */
  | { readonly do: 'wait'; readonly until: number | null }
  /** The clock was set back: it goes on from now, and due times that come again run again. */
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
 * What a schedule that is not paused asks for at `now`. Pure. Only the last due time that has come counts: those before it have been missed. It is run when it is late by no more
 * than its catch-up window, and outside of its active hours only when it is in time.
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
