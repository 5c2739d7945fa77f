import { z } from 'zod'
import { MemberRef } from '../../../model/worker/documents.ts'
import { Instant } from '../../../model/json.ts'
import type { Database } from '../../engine/database.ts'
import { defineOperation } from '../define.ts'

/** Attempt that a worker's document names. */
const AttemptOfDocument = MemberRef.pick({ jobId: true, attempt: true, attemptStartedAt: true })
type AttemptOfDocument = z.infer<typeof AttemptOfDocument>

/**
 * `known` means that the database has begun the attempt, `job-gone` that it had the job but removed
 * it, and `foreign` that the attempt belongs to another database.
 */
const Standing = z.enum(['known', 'job-gone', 'foreign'])
export type Standing = z.infer<typeof Standing>

const Claimed = z.object({ attempt: z.int(), startedAt: Instant.nullable() })

/**
 * Returns whether a database has begun the attempt that a document names. Workers write documents
 * to the folders of the project, where they outlive the database. After `db new` or `db restore`,
 * or if the file was replaced by hand, the numbers of jobs and attempts are used again. A document
 * from the earlier database would then be taken for one of an unrelated job.
 * For the last attempt of a job, the number and the time of the claim must both match. So the
 * outcome of an attempt that also runs in a restored backup still counts, because its work is done
 * and would otherwise be repeated. An attempt that another copy of the database has begun under the
 * same number does not count. Earlier attempts are identified by their number only, because the row
 * of a job does not contain their times. They no longer decide anything.
 */
export function standingOf(db: Database, { jobId, attempt, attemptStartedAt }: AttemptOfDocument): Standing {
  const row = db.one('SELECT attempt, attempt_started_at AS startedAt FROM jobs WHERE id = $jobId', { jobId })
  if (row === undefined) return jobId > lastJobId(db) ? 'foreign' : 'job-gone'
  const claimed = Claimed.safeParse(row)
  // Another program has damaged the row. The failure of its job must still be reported.
  if (!claimed.success) return 'known'
  const { attempt: last, startedAt } = claimed.data
  const isLast = attempt === last && attemptStartedAt !== undefined && startedAt !== null
  return attempt > last || (isLast && attemptStartedAt !== startedAt) ? 'foreign' : 'known'
}

const Sequence = z.object({ last: z.int() })

/**
 * Returns the highest number that the database has ever given to a job. That job may have been
 * removed.
 */
function lastJobId(db: Database): number {
  return Sequence.parse(
    db.one(`SELECT coalesce(max(seq), 0) AS last FROM sqlite_sequence WHERE name = 'jobs'`),
  ).last
}

/** Returns whether the database has begun an attempt (see `standingOf`). */
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
