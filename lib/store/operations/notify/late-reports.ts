import { z } from 'zod'
import { JobId } from '../../../model/job/job.ts'
import type { Database } from '../../engine/database.ts'
import { defineOperation } from '../define.ts'

/** Counts a late report, from after the end of an attempt. The caller has refused the report. */
export function countLate(db: Database, jobId: number): void {
  db.run('UPDATE jobs SET late_reports = late_reports + 1 WHERE id = $jobId', { jobId })
}

const Ends = z.object({ overAt: z.int().nullable() })

/**
 * True if an event of an attempt happened after the attempt was over. An attempt is over after a
 * result that met the target, a requested cancellation, its end, or the start of the next attempt.
 * An earlier event is not late, even if its report arrives later. An event of an unknown attempt is
 * not late.
 */
export function isLate(
  db: Database,
  { jobId, attempt, at }: { readonly jobId: number; readonly attempt: number; readonly at: number },
): boolean {
  const row = db.one(
    `SELECT CASE WHEN attempt > $attempt THEN attempt_started_at
                 WHEN attempt = $attempt THEN coalesce(
                   (SELECT offered_at FROM offers WHERE job_id = jobs.id AND offers.attempt = $attempt AND target_met = 1),
                   cancel_requested_at, ended_at) END AS overAt
     FROM jobs WHERE id = $jobId`,
    { jobId, attempt },
  )
  const overAt = row === undefined ? null : Ends.parse(row).overAt
  return overAt !== null && at > overAt
}

/**
 * Counts a report that a worker sent after it was asked to stop. The caller has refused the report.
 */
const noteLate = defineOperation({
  name: 'late-reports.note',
  kind: 'write',
  input: z.object({ jobId: JobId }),
  output: z.object({}),
  run(db, { jobId }) {
    countLate(db, jobId)
    return {}
  },
})

/** Returns the total number of late reports of all jobs. */
const countAll = defineOperation({
  name: 'late-reports.count',
  kind: 'read',
  input: z.object({}),
  output: z.object({ count: z.int().nonnegative() }),
  run: db => ({
    count: z
      .int()
      .parse(
        db.one('SELECT coalesce(sum(late_reports), 0) AS count FROM jobs WHERE late_reports > 0')?.['count'],
      ),
  }),
})

export const lateReportOperations = {
  [noteLate.name]: noteLate,
  [countAll.name]: countAll,
}
