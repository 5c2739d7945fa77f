import { z } from 'zod'
import { AutomateError } from '../../core/errors/errors.ts'
import type { Database } from '../engine/database.ts'

/** Retention of a reply, for a client that repeats its request. A takeover takes about a second. */
const KEPT_MS = 2 * 60_000

/** Replies that are retained whatever their age, so that a quiet project retains days of them. */
const KEPT_COUNT = 20_000

/** Writes between two removals of old replies. Rare enough to cost nothing. */
const PRUNE_EVERY = 1_000

const Applied = z.object({ operation: z.string(), output: z.string() })

/** Committed writes by the id of their request, so that a retry gets the first reply. */
export class AppliedRequests {
  /**
   * The first write of an owner removes old replies, because an owner that restarts again and again
   * would never write enough for it.
   */
  private sincePruned = PRUNE_EVERY

  /**
   * Returns the reply of an earlier request with this id.
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
