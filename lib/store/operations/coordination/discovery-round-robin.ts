import { z } from 'zod'
import type { Database } from '../../engine/database.ts'

/**
 * Time for which a free discovery is reserved for the worker whose turn it is. A worker that wants
 * the discovery asks again within this time, even on a busy machine.
 */
export const TURN_PATIENCE_MS = 50

interface Asker {
  readonly jobId: number
  readonly attempt: number
  readonly member: number
  readonly members: number
}

const LastTurn = z.object({ member: z.int(), turn: z.int() })

/**
 * Returns the member whose turn is next in round-robin order when `asker` asks, and the number of
 * the new turn (`turn`). Candidates are the running members that have asked since the start of the
 * turn before the last. A member that was already waiting when the last turn started has not asked
 * since then.
 */
export function nextTurn(db: Database, asker: Asker): { readonly member: number; readonly turn: number } {
  const { jobId, attempt, member, members } = asker
  const row = db.one(
    `SELECT member, turn FROM discoveries WHERE job_id = $jobId AND attempt = $attempt AND turn IS NOT NULL
     ORDER BY turn DESC LIMIT 1`,
    { jobId, attempt },
  )
  if (row === undefined) return { member, turn: 1 }
  const last = LastTurn.parse(row)
  const ring = (of: number) => (of - last.member - 1 + members) % members
  const next = askedSince(db, asker, last.turn - 1).sort((a, b) => ring(a) - ring(b))[0]
  return { member: next ?? member, turn: last.turn + 1 }
}

/**
 * Records that a member has asked, so that it is a candidate for the next turn while another member
 * has the current one.
 */
export function noteAsker(db: Database, { jobId, attempt, member }: Asker): void {
  const job = { jobId, attempt }
  const known = db.one(
    `SELECT turn FROM discovery_askers WHERE job_id = $jobId AND attempt = $attempt AND member = $member
     AND turn >= (SELECT coalesce(max(turn), 0) FROM discoveries WHERE job_id = $jobId AND attempt = $attempt)`,
    { ...job, member },
  )
  // A statement that changes no row would still be reported as a change.
  if (known !== undefined) return
  db.run(
    `INSERT INTO discovery_askers (job_id, attempt, member, turn)
     SELECT $jobId, $attempt, $member, coalesce(max(turn), 0) FROM discoveries WHERE job_id = $jobId AND attempt = $attempt
     ON CONFLICT (job_id, attempt, member) DO UPDATE SET turn = excluded.turn`,
    { ...job, member },
  )
}

function askedSince(db: Database, { jobId, attempt, member }: Asker, turn: number): number[] {
  const rows = db.all(
    `SELECT member FROM discovery_askers WHERE job_id = $jobId AND attempt = $attempt AND turn >= $turn
     EXCEPT SELECT member FROM members WHERE job_id = $jobId AND attempt = $attempt`,
    { jobId, attempt, turn },
  )
  return [...new Set([member, ...rows.map(row => z.int().parse(row['member']))])]
}
