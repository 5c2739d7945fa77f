import { z } from 'zod'
import { WorkerId } from '../../domain/documents.ts'
import { ErrorRecord } from '../../domain/error-record.ts'
import { JobId } from '../../domain/job.ts'
import { JsonValue } from '../../domain/json.ts'
import type { Database } from '../engine/database.ts'
import { jsonText } from './job-row.ts'
import { defineOperation } from './define.ts'

const Key = z.object({ jobId: JobId, attempt: z.int().positive(), key: z.string().min(1).max(200) })
type Key = z.infer<typeof Key>

const Row = z.object({
  state: z.enum(['held', 'done', 'failed']),
  fence: z.int(),
  leaseUntil: z.int(),
  value: jsonText(JsonValue).nullable(),
  error: jsonText(ErrorRecord).nullable(),
})

const THIS_KEY = 'job_id = $jobId AND attempt = $attempt AND key = $key'

function read(db: Database, key: Key): z.infer<typeof Row> | undefined {
  const row = db.one(
    `SELECT state, fence, lease_until AS leaseUntil, value, error FROM discoveries WHERE ${THIS_KEY}`,
    key,
  )
  return row === undefined ? undefined : Row.parse(row)
}

/**
 * Asks for the discovery of a key: its value when it is done, the lease when nobody holds it or the holder let it run out, else `waiting`.
 * `fence` proves the lease to `complete` and `fail`.
 */
const acquireDiscovery = defineOperation({
  name: 'discoveries.acquire',
  kind: 'write',
  input: Key.extend({ workerId: WorkerId, leaseMs: z.int().positive() }),
  output: z.discriminatedUnion('status', [
    z.object({ status: z.literal('held'), fence: z.int() }),
    z.object({ status: z.literal('done'), value: JsonValue }),
    z.object({ status: z.literal('failed'), error: ErrorRecord }),
    z.object({ status: z.literal('waiting') }),
  ]),
  run(db, { workerId, leaseMs, ...key }, { now }) {
    const current = read(db, key)
    if (current?.state === 'done') return { status: 'done' as const, value: current.value }
    if (current?.state === 'failed' && current.error !== null) {
      return { status: 'failed' as const, error: current.error }
    }
    if (current !== undefined && current.leaseUntil > now) return { status: 'waiting' as const }
    const fence = (current?.fence ?? 0) + 1
    db.run(
      `INSERT INTO discoveries (job_id, attempt, key, state, fence, holder, lease_until)
       VALUES ($jobId, $attempt, $key, 'held', $fence, $holder, $leaseUntil)
       ON CONFLICT (job_id, attempt, key) DO UPDATE SET state = 'held', fence = excluded.fence, holder = excluded.holder,
         lease_until = excluded.lease_until`,
      { ...key, fence, holder: workerId, leaseUntil: now + leaseMs },
    )
    return { status: 'held' as const, fence }
  },
})

function settle(db: Database, key: Key, fence: number, value: string | null, error: string | null) {
  const row = db.one(
    `UPDATE discoveries SET state = $state, value = $value, error = $error
     WHERE ${THIS_KEY} AND state = 'held' AND fence = $fence RETURNING fence`,
    {
      ...key,
      fence,
      state: error === null ? 'done' : 'failed',
      value,
      error,
    },
  )
  return { applied: row !== undefined }
}

const completeDiscovery = defineOperation({
  name: 'discoveries.complete',
  kind: 'write',
  input: Key.extend({ fence: z.int(), value: JsonValue }),
  output: z.object({ applied: z.boolean() }),
  run: (db, { fence, value, ...key }) => settle(db, key, fence, JSON.stringify(value), null),
})

/** Tells every waiter that the discovery failed, and how. */
const failDiscovery = defineOperation({
  name: 'discoveries.fail',
  kind: 'write',
  input: Key.extend({ fence: z.int(), error: ErrorRecord }),
  output: z.object({ applied: z.boolean() }),
  run: (db, { fence, error, ...key }) => settle(db, key, fence, null, JSON.stringify(error)),
})

/** Frees what a worker that ended still holds, so that the next one asks at once and not when the lease runs out. */
const releaseDiscoveries = defineOperation({
  name: 'discoveries.release',
  kind: 'write',
  input: z.object({ workerId: WorkerId }),
  output: z.object({ released: z.int() }),
  run(db, { workerId }, { now }) {
    const rows = db.all(
      `UPDATE discoveries SET lease_until = $now WHERE holder = $holder AND state = 'held' RETURNING key`,
      { now, holder: workerId },
    )
    return { released: rows.length }
  },
})

export const discoveryOperations = {
  [acquireDiscovery.name]: acquireDiscovery,
  [completeDiscovery.name]: completeDiscovery,
  [failDiscovery.name]: failDiscovery,
  [releaseDiscoveries.name]: releaseDiscoveries,
}
