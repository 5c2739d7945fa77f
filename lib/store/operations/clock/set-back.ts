import { z } from 'zod'
import { Milliseconds } from '../../../domain/json.ts'
import { defineOperation } from '../define.ts'

/** Corrections of the clock by up to this delay a job by no more than that. */
const MAX_CORRECTION_MS = 5 * 60_000

const OPEN = `state NOT IN ('succeeded', 'failed', 'cancelled')`

/**
 * Moves what is due in the future after the clock was set back by `byMs`: jobs are due from the moment at which they were queued,
 * so they would wait for that moment to come again. With 0, at a start, nobody knows by how much it was set back: jobs that were queued
 * or started in the future are due now.
 */
const clockSetBack = defineOperation({
  name: 'clock.setBack',
  kind: 'write',
  input: z.object({ byMs: Milliseconds }),
  output: z.object({ jobs: z.int() }),
  run(db, { byMs }, { now }) {
    const moved =
      byMs === 0
        ? db.all(
            `UPDATE jobs SET due_at = $now WHERE ${OPEN} AND due_at > $now
               AND max(queued_at, coalesce(attempt_started_at, 0)) > $now + ${MAX_CORRECTION_MS} RETURNING id`,
            { now },
          )
        : db.all(
            `UPDATE jobs SET due_at = max(0, due_at - $byMs) WHERE ${OPEN} AND due_at > $now RETURNING id`,
            { byMs, now },
          )
    db.run('UPDATE domain_holds SET until = max(0, until - $byMs) WHERE until > $now', { byMs, now })
    return { jobs: moved.length }
  },
})

export const clockOperations = { [clockSetBack.name]: clockSetBack }
