import { z } from 'zod'
import type { Database } from '../engine/database.ts'

/** Numbers of rows that a database has and an earlier copy of it lacks. */
export const LostSince = z.object({
  jobsQueued: z.int(),
  jobsEnded: z.int(),
  crashReports: z.int(),
  logins: z.int(),
})
export type LostSince = z.infer<typeof LostSince>

const Moment = z.object({ at: z.int().nullable() })
const Count = z.object({ count: z.int() })

/**
 * Returns the time of the newest job, crash report or login in a database, in epoch ms; null if
 * there is none.
 */
export function newestMoment(database: Database): number | null {
  return Moment.parse(
    database.one(
      `SELECT max(at) AS at FROM (
         SELECT max(queued_at) AS at FROM jobs
         UNION ALL SELECT max(ended_at) FROM jobs
         UNION ALL SELECT max(at) FROM crashes
         UNION ALL SELECT max(saved_at) FROM sessions)`,
    ),
  ).at
}

/**
 * Counts the rows of `present` that `backup` lacks. Compares ids, which are never used twice, and
 * times.
 */
export function countLost(present: Database, backup: Database): LostSince {
  const { at } = Moment.parse(backup.one('SELECT max(ended_at) AS at FROM jobs'))
  const count = (sql: string, params: Record<string, number>) => Count.parse(present.one(sql, params)).count
  return {
    jobsQueued: count('SELECT count(*) AS count FROM jobs WHERE id > $last', {
      last: lastId(backup, 'jobs'),
    }),
    jobsEnded: count('SELECT count(*) AS count FROM jobs WHERE ended_at > $at', { at: at ?? 0 }),
    crashReports: count('SELECT count(*) AS count FROM crashes WHERE id > $last', {
      last: lastId(backup, 'crashes'),
    }),
    logins: count('SELECT count(*) AS count FROM sessions WHERE saved_at > $at', { at: savedAt(backup) }),
  }
}

/** Returns the highest id that was ever used in a table, even if its row was removed. */
function lastId(database: Database, table: 'jobs' | 'crashes'): number {
  return z.object({ last: z.int() }).parse(
    database.one('SELECT coalesce(max(seq), 0) AS last FROM sqlite_sequence WHERE name = $table', {
      table,
    }),
  ).last
}

function savedAt(database: Database): number {
  return Moment.parse(database.one('SELECT coalesce(max(saved_at), 0) AS at FROM sessions')).at ?? 0
}
