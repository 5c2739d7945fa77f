import type { Database } from '../../../lib/store/engine/database.ts'
import { crash } from './crash.ts'

/**
 * Number of characters of a typical crash report, of a failure in a real page: its stack, its last
 * lines and its files.
 */
const REPORT_CHARACTERS = 6_000

interface HistorySize {
  readonly jobs: number
  /** Number of failed jobs that have a crash report. */
  readonly crashes: number
}

/**
 * Writes a history of ended jobs and crashes, with one crash report per failed job. All entries are
 * too recent for the default retention to delete.
 */
export function writeHistory(db: Database, { jobs, crashes }: HistorySize): void {
  const now = Date.now()
  const document = JSON.stringify(
    crash({
      error: { ...crash({}).error, stack: 'at step '.repeat(REPORT_CHARACTERS / 'at step '.length) },
    }),
  )
  db.exec('BEGIN')
  db.run(
    `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $jobs)
     INSERT INTO jobs (id, workflow, input, state, priority, workers, due_at, attempt, retries, origin, queued_at, started_at, ended_at, result, seq)
     SELECT i, 'fixture', '{"page":"https://shop.example/"}', CASE WHEN i <= $crashes THEN 'failed' ELSE 'succeeded' END,
            0, 1, $now - i, 1, 0, 'cli', $now - i, $now - i, $now - i, '{"title":"A page"}', i FROM n`,
    { jobs, crashes, now },
  )
  db.run(
    `INSERT INTO members (job_id, attempt, member, members, worker_id, ended_at, outcome, history)
     SELECT id, 1, 1, 1, 'w' || id, ended_at, '{"status":"cancelled"}', '[]' FROM jobs`,
  )
  db.run(
    `INSERT INTO crashes (file, at, job_id, document, attempt, member, noticed)
     SELECT 'job_' || id || '_1.json', ended_at, id, json_set($document, '$.jobId', id, '$.at', ended_at), 1, 1, 1
       FROM jobs WHERE state = 'failed'`,
    { document },
  )
  db.exec('COMMIT')
}
