import { z } from 'zod'
import { MemberRef } from '../../../model/worker/documents.ts'
import { Instant } from '../../../model/json.ts'
import type { Database } from '../../engine/database.ts'
import { defineOperation } from '../define.ts'

/** The attempt that a worker's document names. */
const AttemptOfDocument = MemberRef.pick({ jobId: true, attempt: true, attemptStartedAt: true })
type AttemptOfDocument = z.infer<typeof AttemptOfDocument>

/** `known`: the database has begun the attempt. `job-gone`: it had the job, which was removed. `foreign`: the attempt is of another database. */
const Standing = z.enum(['known', 'job-gone', 'foreign'])
export type Standing = z.infer<typeof Standing>

const Claimed = z.object({ attempt: z.int(), startedAt: Instant.nullable() })

/**
 * Returns whether a database has begun the attempt of a document. Workers write documents into the folders of the project, where they outlive the database:
 * after `db new`, `db restore` or a replacement of the file by hand, numbers of jobs and of attempts are given again, and a document of the former database
 * would count for a job that it knows nothing of.
 *
 * The last attempt of a job is compared by its number and by the moment of its claim. So the outcome of an attempt that runs in a restored backup still counts:
 * its work is done, and would be done twice. That of an attempt which another copy of the database has begun under the same number does not. Of earlier attempts
 * a job's row has no moment: these are known by their number, and decide nothing any more.
 */
export function standingOf(db: Database, { jobId, attempt, attemptStartedAt }: AttemptOfDocument): Standing {
  const row = db.one('SELECT attempt, attempt_started_at AS startedAt FROM jobs WHERE id = $jobId', { jobId })
  if (row === undefined) return jobId > lastJobId(db) ? 'foreign' : 'job-gone'
  const claimed = Claimed.safeParse(row)
  // Another program has damaged the row: a failure of its job is reported all the same.
  if (!claimed.success) return 'known'
  const { attempt: last, startedAt } = claimed.data
  const isLast = attempt === last && attemptStartedAt !== undefined && startedAt !== null
  return attempt > last || (isLast && attemptStartedAt !== startedAt) ? 'foreign' : 'known'
}

const Sequence = z.object({ last: z.int() })

/** Returns the highest number that the database has given to a job, which may have been removed since. */
function lastJobId(db: Database): number {
  return Sequence.parse(
    db.one(`SELECT coalesce(max(seq), 0) AS last FROM sqlite_sequence WHERE name = 'jobs'`),
  ).last
}

/** Tells of an attempt what `standingOf` does. */
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
