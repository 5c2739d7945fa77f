import { CLAIMABLE } from './find-job.ts'

/**
 * Of a row of `jobs` that does not run: whether no job of its schedule runs. A new run waits for the jobs that are open then, but a job that is queued again by hand
 * is older than those, and several of them wait for none.
 */
export const SCHEDULE_FREE = `(origin NOT GLOB 'schedule:*' OR NOT EXISTS
  (SELECT 1 FROM jobs AS other WHERE other.state = 'running' AND other.origin = jobs.origin))`

/** The origin of the job `$id` if the job waits and is one of a schedule. */
export const SCHEDULE_OF_WAITING = `(SELECT origin FROM jobs WHERE id = $id AND state IN (${CLAIMABLE}) AND origin GLOB 'schedule:*')`
