import { z } from 'zod'
import { NOT_NOTIFIED } from '../../../model/failure/notified-marker.ts'
import { NO_WORKER } from '../../../model/worker/documents.ts'
import type { ErrorRecord } from '../../../model/failure/error-record.ts'
import { WorkflowName } from '../../../model/job/workflow.ts'
import type { Database } from '../../engine/database.ts'
import { dropAttempt } from '../coordination/attempt-cleanup.ts'
import { storeCrash } from './crashes.ts'
import { settleDependents } from '../jobs/dependencies.ts'
import { NEXT_SEQ } from '../jobs/job-row.ts'

const FailedJob = z.object({ workflow: WorkflowName, attempt: z.int().nonnegative() })

/**
 * Stores the crash report of a failure that no worker reported, because the job could not start, or
 * because no worker offered a result in time. Stores none if the row of the job cannot be read.
 */
export function reportFailure(db: Database, jobId: number, error: ErrorRecord, now: number): void {
  const row = db.one('SELECT workflow, attempt FROM jobs WHERE id = $jobId', { jobId })
  const job = FailedJob.safeParse(row)
  if (!job.success) return
  const attempt = Math.max(1, job.data.attempt)
  storeCrash(db, {
    file: `job_${jobId}_${now}_${NO_WORKER}.json`,
    notifiedBy: NOT_NOTIFIED,
    document: {
      ...{ kind: 'crash', version: 1, at: now, writtenBy: 'control' },
      ...{ jobId, attempt, member: 1, members: 1, workerId: NO_WORKER, workflow: job.data.workflow },
      ...{ error, phase: null, url: null, browserVersion: null, exitCode: null, signal: null },
      ...{ lastLines: [], artefacts: [] },
    },
  })
}

/**
 * Fails a job that no worker is running, and stores a crash report, if the job is in one of
 * `states` (a list in SQL). Returns true if it was.
 */
export function failReported(
  db: Database,
  jobId: number,
  states: string,
  error: ErrorRecord,
  now: number,
): boolean {
  const failed = db.run(
    `UPDATE jobs SET state = 'failed', ended_at = $now, error = $error, wait_reason = NULL, seq = ${NEXT_SEQ}
     WHERE id = $jobId AND state IN (${states})`,
    { jobId, now, error: JSON.stringify(error) },
  )
  if (failed === 0) return false
  reportFailure(db, jobId, error, now)
  dropAttempt(db, jobId)
  settleDependents(db, jobId, 'failed', now)
  return true
}
