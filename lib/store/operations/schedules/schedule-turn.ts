import { CLAIMABLE } from '../jobs/find-job.ts'

/**
 * SQL condition for waiting rows of `jobs`: no job of the same schedule is running. A new run of a
 * schedule waits for its open jobs anyway. But a job that a person queues again waits for none, and
 * there may be several such jobs.
 */
export const SCHEDULE_FREE = `(origin NOT GLOB 'schedule:*' OR NOT EXISTS
  (SELECT 1 FROM jobs AS other WHERE other.state = 'running' AND other.origin = jobs.origin))`

/**
 * SQL for the origin of the job `$id`; NULL unless the job is waiting and belongs to a schedule.
 */
export const SCHEDULE_OF_WAITING = `(SELECT origin FROM jobs WHERE id = $id AND state IN (${CLAIMABLE}) AND origin GLOB 'schedule:*')`
