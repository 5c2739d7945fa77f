import { nextRuns } from '../../lib/model/job/run-times.ts'
import type { Schedule } from '../../lib/model/schedule/schedule.ts'

/**
 * Returns the next runs of a schedule. Empty if the schedule is paused or if its time zone is
 * unknown here, which the service cron reports.
 */
export function runsAhead(schedule: Schedule, now: number, count: number): readonly number[] {
  if (schedule.paused) return []
  try {
    return nextRuns(schedule, now, count)
  } catch {
    return []
  }
}
