import { z } from 'zod'
import { MemberRef } from '../../../model/worker/documents.ts'
import { Instant } from '../../../model/json.ts'
import type { Database } from '../../engine/database.ts'
import { defineOperation } from '../define.ts'

/** Attempt named by a worker's document. */
const AttemptOfDocument = MemberRef.pick({ jobId: true, attempt: true, attemptStartedAt: true })
type AttemptOfDocument = z.infer<typeof AttemptOfDocument>

/**
 * `known`: the database has begun the attempt. `job-gone`: the database had the job, which was
 * removed. `foreign`: the attempt is of another database.
 */
const Standing = z.enum(['known', 'job-gone', 'foreign'])
export type Standing = z.infer<typeof Standing>

const Claimed = z.object({ attempt: z.int(), startedAt: Instant.nullable() })

/**
 * Returns whether a database has begun the attempt of a document. Workers write documents into the
 * folders of the project, where the documents outlive the database. After `db new`, `db restore` or
 * a replacement of the file by hand, numbers of jobs and of attempts are used again, and a document
 * of the former database would count for an unrelated job.
 * The last attempt of a job is compared by its number and by the moment of its claim. So the
 * outcome of an attempt that runs in a restored backup still counts, because its work is done and
 * would be repeated. An attempt that another copy of the database has begun under the same number
 * does not count. The row of a job has no moment for earlier attempts. Their number identifies
 * them, and they decide nothing any longer.
 */
export function standingOf(db: Database, { jobId, attempt, attemptStartedAt }: AttemptOfDocument): Standing {
  const row = db.one('SELECT attempt, attempt_started_at AS startedAt FROM jobs WHERE id = $jobId', { jobId })
  if (row === undefined) return jobId > lastJobId(db) ? 'foreign' : 'job-gone'
  const claimed = Claimed.safeParse(row)
  // Another program has damaged the row. A failure of its job is still reported.
  if (!claimed.success) return 'known'
  const { attempt: last, startedAt } = claimed.data
  const isLast = attempt === last && attemptStartedAt !== undefined && startedAt !== null
  return attempt > last || (isLast && attemptStartedAt !== startedAt) ? 'foreign' : 'known'
}

const Sequence = z.object({ last: z.int() })

/**
 * Returns the highest number that the database has given to a job. The job may have been removed
 * since.
 */
function lastJobId(db: Database): number {
  return Sequence.parse(
    db.one(`SELECT coalesce(max(seq), 0) AS last FROM sqlite_sequence WHERE name = 'jobs'`),
  ).last
}

/** Returns the result of `standingOf` for an attempt. */
const readStanding = defineOperation({
  name: 'attempts.standing',
  kind: 'read',
  input: AttemptOfDocument,
  output: z.object({ standing: Standing }),
  run: (db, attempt) => ({ standing: standingOf(db, attempt) }),
})

export const knownAttemptOperations = {
  [readStanding.name]: readStanding,
}
