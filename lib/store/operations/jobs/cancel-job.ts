import { AutomateError } from '../../../core/errors/errors.ts'
import type { Database } from '../../engine/database.ts'
import { settleDependents } from './dependencies.ts'
import { requireJob } from './find-job.ts'
import { NEXT_SEQ } from './job-row.ts'

/**
 * Cancels a job immediately if it is not running, otherwise asks the scheduler to stop it. Returns
 * the state of the job afterwards.
 * @throws `job-state` if the job has ended already.
 */
export function cancelJob(db: Database, id: number, now: number): 'running' | 'cancelled' {
  const job = requireJob(db, id)
  if (job.endedAt !== null) {
    throw new AutomateError('job-state', `Job ${id} has already ended (${job.state}).`, {
      facts: { jobId: id, state: job.state },
    })
  }
  db.run(
    `UPDATE jobs SET cancel_requested_at = $now, wait_reason = NULL, open_dependencies = 0, seq = ${NEXT_SEQ},
            state    = CASE state WHEN 'running' THEN state ELSE 'cancelled' END,
            ended_at = CASE state WHEN 'running' THEN NULL ELSE $now END
     WHERE id = $id`,
    { id, now },
  )
  if (job.state !== 'running') settleDependents(db, id, 'cancelled', now)
  return job.state === 'running' ? 'running' : 'cancelled'
}
