import { z } from 'zod'
import { AutomateError } from '../../../core/errors/errors.ts'
import { DEAD_STATES, JobId, JobState } from '../../../model/job/job.ts'
import type { Database } from '../../engine/database.ts'
import { defineOperation } from '../define.ts'
import { deadDependency, recountOpen, lookAtDependents } from './dependencies.ts'
import { CLAIMABLE, keyHolder, requireJob, sqlList } from './find-job.ts'
import { NEXT_SEQ } from './job-row.ts'

/** Maximum number of jobs in one call, because all other requests wait during the call. */
const BATCH = 500

function queueAgain(db: Database, id: number, now: number): void {
  db.run(
    `UPDATE jobs SET state = 'queued', due_at = $now, failures = 0, scheduler_deaths = 0, ended_at = NULL,
            started_at = CASE WHEN state IN (${CLAIMABLE}) THEN started_at END,
            cancel_requested_at = NULL, proxies_tried = '[]', wait_reason = NULL, seq = ${NEXT_SEQ} WHERE id = $id`,
    { id, now },
  )
  recountOpen(db, id)
  lookAtDependents(db, id)
}

/** Returns the error for a job that cannot be queued again now; null if it can. */
function refusal(db: Database, id: number): AutomateError | null {
  const job = requireJob(db, id)
  const holder = job.uniqueKey === null ? null : keyHolder(db, job.uniqueKey)
  if (holder !== null && holder !== id) {
    return new AutomateError(
      'job-state',
      `Job ${id} cannot be queued again, because job ${holder} has the same key "${job.uniqueKey}". Cancel job ${holder} first.`,
      { facts: { jobId: id, holder } },
    )
  }
  return deadDependency(db, id)
}

/**
 * Queues a job again that has ended without success, is parked, or waits for its retry. Resets its
 * count of failures. Its duration is measured from its next attempt, or still from its first
 * attempt if it was waiting for a retry.
 * @throws `job-state` if the job is in another state, if another job now has its unique key, or if
 * it would be cancelled because a job that it depends on has failed or was cancelled.
 */
const retryJob = defineOperation({
  name: 'jobs.retry',
  kind: 'write',
  input: z.object({ id: JobId }),
  output: z.object({ state: JobState }),
  run(db, { id }, { now }) {
    const job = requireJob(db, id)
    if (job.state === 'running' || job.state === 'queued' || job.state === 'succeeded') {
      throw new AutomateError('job-state', `Job ${id} is ${job.state}, so there is nothing to retry.`, {
        facts: { jobId: id, state: job.state },
      })
    }
    const error = refusal(db, id)
    if (error !== null) throw error
    queueAgain(db, id, now)
    return { state: 'queued' as const }
  },
})

/**
 * Queues the dead jobs again, or those of one workflow, oldest first and at most one batch. Starts
 * with the first job after `afterId`. `refused` contains the jobs that cannot be queued again now.
 * `lastId` is the `afterId` for the next call; null at the end.
 */
const retryDeadJobs = defineOperation({
  name: 'jobs.retry-dead',
  kind: 'write',
  input: z.object({ afterId: z.int().nonnegative().default(0), workflow: z.string().optional() }),
  output: z.object({ queued: z.array(JobId), refused: z.array(JobId), lastId: JobId.nullable() }),
  run(db, { afterId, workflow }, { now }) {
    const ofWorkflow = workflow === undefined ? '' : 'AND workflow = $workflow'
    const ids = db
      .all(
        `SELECT id FROM jobs WHERE state IN (${sqlList(DEAD_STATES)}) AND id > $afterId ${ofWorkflow} ORDER BY id LIMIT ${BATCH}`,
        { afterId, ...(workflow === undefined ? {} : { workflow }) },
      )
      .map(row => JobId.parse(row['id']))
    const refused = ids.filter(id => {
      if (refusal(db, id) !== null) return true
      queueAgain(db, id, now)
      return false
    })
    const queued = ids.filter(id => !refused.includes(id))
    return { queued, refused, lastId: ids.length < BATCH ? null : (ids.at(-1) ?? null) }
  },
})

export const retryOperations = {
  [retryJob.name]: retryJob,
  [retryDeadJobs.name]: retryDeadJobs,
}
