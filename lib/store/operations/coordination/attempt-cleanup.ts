import { z } from 'zod'
import { Milliseconds } from '../../../model/json.ts'
import type { Database } from '../../engine/database.ts'
import { defineOperation } from '../define.ts'

/** A job that failed or was cancelled may be queued again by a person; after a week nobody does. */
export const MARKS_KEPT_MS = 7 * 86_400_000

/** Most jobs that one call tidies: everybody else waits meanwhile. */
const BATCH = 500

/** Removes what the workers of an attempt have shared to meet: it says nothing to the next attempt, and is told of no more. */
export function dropAttempt(db: Database, jobId: number): void {
  for (const table of ['offers', 'discoveries', 'discovery_askers']) dropOf(db, table, jobId)
}

/** Removes all that was kept for the next attempt of a job: there is none. */
export function dropMarks(db: Database, jobId: number): void {
  dropOf(db, 'counter_marks', jobId)
}

/** A statement that changes no row would still tell everybody of a change. */
function dropOf(db: Database, table: string, jobId: number): void {
  if (db.one(`SELECT 1 FROM ${table} WHERE job_id = $jobId LIMIT 1`, { jobId }) === undefined) return
  db.run(`DELETE FROM ${table} WHERE job_id = $jobId`, { jobId })
}

/** Removes what was kept for jobs that ended without success so long ago that nobody runs them again. */
const tidy = defineOperation({
  name: 'coordination.tidy',
  kind: 'write',
  input: z.object({ keepMs: Milliseconds.default(MARKS_KEPT_MS) }),
  output: z.object({ removed: z.int() }),
  run: (db, { keepMs }, { now }) => ({
    removed: db.run(
      // Few jobs have marks and many have failed: the marks lead to their jobs, never the reverse.
      `DELETE FROM counter_marks WHERE job_id IN (
         SELECT DISTINCT m.job_id FROM counter_marks AS m CROSS JOIN jobs AS j ON j.id = m.job_id
          WHERE j.state IN ('failed', 'cancelled') AND j.ended_at < $before LIMIT ${BATCH})`,
      { before: Math.floor(now - keepMs) },
    ),
  }),
})

export const coordinationOperations = { [tidy.name]: tidy }
