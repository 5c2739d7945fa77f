import { nextRuns } from '../../lib/model/job/run-times.ts'
import type { Schedule } from '../../lib/model/schedule/schedule.ts'

/** When the next runs of a schedule begin: none of one that is paused, nor of one that this machine cannot use (a time zone that it does not know), which the service cron tells of. */
export function runsAhead(schedule: Schedule, now: number, count: number): readonly number[] {
  if (schedule.paused) return []
  try {
    return nextRuns(schedule, now, count)
  } catch {
    return []
  }
}
