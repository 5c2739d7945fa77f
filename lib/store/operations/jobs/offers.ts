import { z } from 'zod'
import { WorkerId } from '../../../model/worker/documents.ts'
import { JobId } from '../../../model/job/job.ts'
import { JsonValue } from '../../../model/json.ts'
import type { Database } from '../../engine/database.ts'
import { jsonText } from './job-row.ts'
import { defineOperation } from '../define.ts'
import { countLate } from '../notify/late-reports.ts'

/** Best result of a job so far. `version` increases with each better result. */
const Best = z.object({
  version: z.int().positive(),
  result: JsonValue,
  targetMet: z.boolean(),
  member: z.int().positive(),
})

const BestRow = Best.extend({ result: jsonText(JsonValue), targetMet: z.int().transform(n => n === 1) })

function readBest(db: Database, jobId: number): z.infer<typeof Best> | null {
  const row = db.one(
    'SELECT version, result, target_met AS targetMet, member FROM offers WHERE job_id = $jobId',
    { jobId },
  )
  return row === undefined ? null : BestRow.parse(row)
}

const bestOffer = defineOperation({
  name: 'offers.best',
  kind: 'read',
  input: z.object({ jobId: JobId }),
  output: Best.nullable(),
  run: (db, { jobId }) => readBest(db, jobId),
})

/**
 * Makes a result the best one, if the worker that offers it has compared it with the current best
 * one (`seenVersion`, 0 for none). The comparison itself is user code and runs in the worker. An
 * offer under an old attempt, or for a job that has ended, is `fenced`.
 */
const submitOffer = defineOperation({
  name: 'offers.submit',
  kind: 'write',
  input: z.object({
    jobId: JobId,
    attempt: z.int().positive(),
    member: z.int().positive(),
    workerId: WorkerId,
    seenVersion: z.int().nonnegative(),
    result: JsonValue,
    targetMet: z.boolean(),
  }),
  output: z.discriminatedUnion('status', [
    z.object({ status: z.literal('accepted'), version: z.int() }),
    z.object({ status: z.literal('stale'), best: Best }),
    z.object({ status: z.literal('fenced') }),
  ]),
  run(db, offer, { now }) {
    const current = db.one(
      `SELECT id FROM jobs WHERE id = $id AND attempt = $attempt AND state = 'running'`,
      {
        id: offer.jobId,
        attempt: offer.attempt,
      },
    )
    if (current === undefined) {
      countLate(db, offer.jobId)
      return { status: 'fenced' as const }
    }
    const best = readBest(db, offer.jobId)
    if (best !== null && best.version !== offer.seenVersion) return { status: 'stale' as const, best }
    const version = offer.seenVersion + 1
    db.run(
      `INSERT INTO offers (job_id, attempt, version, result, target_met, member, worker_id, offered_at)
       VALUES ($jobId, $attempt, $version, $result, $targetMet, $member, $workerId, $now)
       ON CONFLICT (job_id) DO UPDATE SET attempt = excluded.attempt, version = excluded.version, result = excluded.result,
         target_met = excluded.target_met, member = excluded.member, worker_id = excluded.worker_id, offered_at = excluded.offered_at`,
      {
        jobId: offer.jobId,
        attempt: offer.attempt,
        version,
        result: JSON.stringify(offer.result),
        targetMet: offer.targetMet ? 1 : 0,
        member: offer.member,
        workerId: offer.workerId,
        now,
      },
    )
    return { status: 'accepted' as const, version }
  },
})

export const offerOperations = {
  [bestOffer.name]: bestOffer,
  [submitOffer.name]: submitOffer,
}
