import { nextRuns } from '../../lib/model/job/run-times.ts'
import type { Schedule } from '../../lib/model/schedule/schedule.ts'

/**
 * Returns the times of the next `count` runs of a schedule. Empty if the schedule is paused, or if
 * this machine does not know its time zone. The service `cron` reports an unknown time zone.
 */
export function runsAhead(schedule: Schedule, now: number, count: number): readonly number[] {
  if (schedule.paused) return []
  try {
    return nextRuns(schedule, now, count)
  } catch {
    return []
  }
}
