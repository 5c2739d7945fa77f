import { z } from 'zod'
import { MAX_PAUSE_MS } from '../../../model/job/domains.ts'
import { Milliseconds } from '../../../model/json.ts'
import { MAX_COOL_DOWN_MS } from '../../../model/proxy/proxy.ts'
import { defineOperation } from '../define.ts'

/** Maximum correction of the clock that is ignored. A job is delayed by no more than that. */
const MAX_CORRECTION_MS = 5 * 60_000

const OPEN = `state NOT IN ('succeeded', 'failed', 'cancelled')`

/**
 * Moves future due times after the clock was set back by `byMs`. A job is due from the time at
 * which it was queued, so it would otherwise wait until the clock shows that time again. The pauses
 * of domains and proxies keep their remaining time. At a start the size of the correction is
 * unknown, and `byMs` is 0. Jobs that were queued or started in the future then become due now, and
 * no pause remains longer than the maximum pause.
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
    db.run(`UPDATE domain_pauses SET until = max(0, min(until - $byMs, $longest)) WHERE until > $now`, {
      byMs,
      now,
      longest: now + MAX_PAUSE_MS,
    })
    db.run(
      `UPDATE proxies SET last_used_at = min(last_used_at, $now), cool_until = max(0, min(cool_until - $byMs, $longest))
       WHERE last_used_at > $now OR cool_until > $now`,
      { byMs, now, longest: now + MAX_COOL_DOWN_MS },
    )
    return { jobs: moved.length }
  },
})

export const clockOperations = { [clockSetBack.name]: clockSetBack }
