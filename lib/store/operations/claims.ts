import { z } from 'zod'
import { ClaimedJob, HEAD_START_MS, JobId, JobSummary } from '../../domain/job.ts'
import { Instant } from '../../domain/json.ts'
import { ACCOUNT_FREE } from './account-turn.ts'
import { dropAttempt } from './coordination-rows.ts'
import { defineOperation } from './define.ts'
import { CLAIMABLE, readJob } from './find-job.ts'
import { JOB_COLUMNS, JOB_SUMMARY_COLUMNS, JobRow, JobSummaryRow, NEXT_SEQ } from './job-row.ts'

/** Longest list one call returns. */
const LIST_LIMIT = 1_000

/** The jobs that may be claimed now or later, in the order in which they go: by when they fell due, less the head start of their priority, then by age. One whose account another job uses, or that waits for others to end, is left out. */
const claimableJobs = defineOperation({
  name: 'jobs.claimable',
  kind: 'read',
  input: z.object({ limit: z.int().min(1).max(LIST_LIMIT) }),
  output: z.array(JobSummary),
  run(db, { limit }, { now }) {
    // Left to itself, SQLite reads and sorts all that is queued.
    const due = `SELECT ${JOB_SUMMARY_COLUMNS} FROM jobs INDEXED BY jobs_claimable WHERE state IN (${CLAIMABLE}) AND waits_on = 0 AND due_at <= $now AND ${ACCOUNT_FREE}
                 ORDER BY due_at - priority * ${HEAD_START_MS}, id LIMIT $limit`
    const later = `SELECT ${JOB_SUMMARY_COLUMNS} FROM jobs INDEXED BY jobs_by_due WHERE state IN (${CLAIMABLE}) AND waits_on = 0 AND due_at > $now
                   ORDER BY due_at, id LIMIT 1`
    const rows = [...db.all(due, { now, limit }), ...db.all(later, { now })]
    return rows.map(row => JobSummaryRow.parse(row))
  },
})

/** Takes a job for a new attempt, in one statement; null when it is not claimable any more, or its account is in use. */
const claimJob = defineOperation({
  name: 'jobs.claim',
  kind: 'write',
  input: z.object({ id: JobId }),
  output: ClaimedJob.nullable(),
  run(db, { id }, { now }) {
    const before = readJob(db, id)
    const row = db.one(
      `UPDATE jobs SET state = 'running', attempt = attempt + 1, started_at = $now, ended_at = NULL,
              cancel_requested_at = NULL, error = NULL, waits_for = NULL, seq = ${NEXT_SEQ}
       WHERE id = $id AND state IN (${CLAIMABLE}) AND waits_on = 0 AND due_at <= $now AND ${ACCOUNT_FREE}
       RETURNING ${JOB_COLUMNS}`,
      { id, now },
    )
    if (row === undefined) return null
    dropAttempt(db, id)
    return { ...JobRow.parse(row), failedWith: before?.error ?? null }
  },
})

/** Puts off a job that could not be begun, and says why: it stays as it is, and is looked at again at `until`. */
const holdJob = defineOperation({
  name: 'jobs.hold',
  kind: 'write',
  input: z.object({ id: JobId, until: Instant, reason: z.string().min(1).max(500) }),
  output: z.object({}),
  run(db, { id, until, reason }) {
    db.run(
      `UPDATE jobs SET due_at = $until, waits_for = $reason, seq = ${NEXT_SEQ} WHERE id = $id AND state IN (${CLAIMABLE})`,
      { id, until, reason },
    )
    return {}
  },
})

export const claimOperations = {
  [claimableJobs.name]: claimableJobs,
  [claimJob.name]: claimJob,
  [holdJob.name]: holdJob,
}
