import { CLAIMABLE } from '../jobs/find-job.ts'

/**
 * Condition on a waiting row of `jobs`: no job of its schedule runs. A new run of a schedule waits
 * for the jobs that are open then. A job that a person queues again waits for none, and there may
 * be several such jobs.
 */
export const SCHEDULE_FREE = `(origin NOT GLOB 'schedule:*' OR NOT EXISTS
  (SELECT 1 FROM jobs AS other WHERE other.state = 'running' AND other.origin = jobs.origin))`

/** Origin of the job `$id`; NULL unless the job waits and is one of a schedule. */
export const SCHEDULE_OF_WAITING = `(SELECT origin FROM jobs WHERE id = $id AND state IN (${CLAIMABLE}) AND origin GLOB 'schedule:*')`
