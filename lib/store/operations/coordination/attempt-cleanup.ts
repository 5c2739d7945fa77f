import { z } from 'zod'
import { Milliseconds } from '../../../model/json.ts'
import type { Database } from '../../engine/database.ts'
import { defineOperation } from '../define.ts'

/**
 * Time for which the marks of a job are retained after it failed or was cancelled. During this time
 * a person may queue the job again.
 */
export const MARKS_KEPT_MS = 7 * 86_400_000

/** Maximum number of jobs in one call, because all other requests wait during the call. */
const BATCH = 500

/**
 * Removes the data through which the workers of an attempt were coordinated. The next attempt does
 * not use it.
 */
export function dropAttempt(db: Database, jobId: number): void {
  for (const table of ['offers', 'discoveries', 'discovery_askers']) dropOf(db, table, jobId)
}

/** Removes the marks of a job that has no next attempt. */
export function dropMarks(db: Database, jobId: number): void {
  dropOf(db, 'counter_marks', jobId)
}

/**
 * Deletes the job's rows from a table. First checks that there are any, because a statement that
 * changes no row would still be reported as a change.
 */
function dropOf(db: Database, table: string, jobId: number): void {
  if (db.one(`SELECT 1 FROM ${table} WHERE job_id = $jobId LIMIT 1`, { jobId }) === undefined) return
  db.run(`DELETE FROM ${table} WHERE job_id = $jobId`, { jobId })
}

/**
 * Removes the marks of jobs that failed or were cancelled more than `keepMs` ago, at most one
 * batch.
 */
const tidy = defineOperation({
  name: 'coordination.tidy',
  kind: 'write',
  input: z.object({ keepMs: Milliseconds.default(MARKS_KEPT_MS) }),
  output: z.object({ removed: z.int() }),
  run: (db, { keepMs }, { now }) => ({
    removed: db.run(
      // Few jobs have marks but many have failed, so the query starts from the marks.
      `DELETE FROM counter_marks WHERE job_id IN (
         SELECT DISTINCT m.job_id FROM counter_marks AS m CROSS JOIN jobs AS j ON j.id = m.job_id
          WHERE j.state IN ('failed', 'cancelled') AND j.ended_at < $before LIMIT ${BATCH})`,
      { before: Math.floor(now - keepMs) },
    ),
  }),
})

export const coordinationOperations = { [tidy.name]: tidy }
