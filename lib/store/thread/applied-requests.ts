import { z } from 'zod'
import { AutomateError } from '../../core/errors/errors.ts'
import type { Database } from '../engine/database.ts'

/**
 * Time for which a reply is retained for a client that repeats its request. A change of the owner
 * takes about a second.
 */
const KEPT_MS = 2 * 60_000

/**
 * Number of replies that are retained even if they are older. A quiet project then has the replies
 * of several days.
 */
const KEPT_COUNT = 20_000

/**
 * Number of writes between two removals of old replies, which is rare enough to cost next to
 * nothing.
 */
const PRUNE_EVERY = 1_000

const Applied = z.object({ operation: z.string(), output: z.string() })

/**
 * Stores the replies of committed writes by request id, so that a repeated request gets the first
 * reply.
 */
export class AppliedRequests {
  /**
   * Starts at the limit, so that an owner's first write removes old replies. An owner that is
   * restarted again and again might never reach the limit.
   */
  private sincePruned = PRUNE_EVERY

  /**
   * Returns the reply to an earlier request with this id; undefined if there is none.
   * @throws `usage` if the id was used for another operation.
   */
  find(db: Database, id: string, operation: string): { output: unknown } | undefined {
    const row = db.one('SELECT operation, output FROM applied_requests WHERE id = $id', { id })
    if (row === undefined) return undefined
    const applied = Applied.parse(row)
    if (applied.operation === operation) return { output: JSON.parse(applied.output) }
    throw new AutomateError(
      'usage',
      `The request id ${id} was already used for ${applied.operation}. Use a new id for ${operation}.`,
    )
  }

  record(db: Database, id: string, operation: string, output: unknown, now: number): void {
    db.run(
      'INSERT INTO applied_requests (id, operation, output, applied_at) VALUES ($id, $operation, $output, $now)',
      {
        id,
        operation,
        output: JSON.stringify(output ?? null),
        now,
      },
    )
    this.sincePruned += 1
    if (this.sincePruned >= PRUNE_EVERY) this.prune(db, now)
  }

  private prune(db: Database, now: number): void {
    this.sincePruned = 0
    db.run(
      'DELETE FROM applied_requests WHERE seq <= (SELECT max(seq) - $kept FROM applied_requests) AND applied_at < $before',
      { kept: KEPT_COUNT, before: now - KEPT_MS },
    )
  }
}
