import { z } from 'zod'
import { WorkerId } from '../../../model/worker/documents.ts'
import { ErrorRecord } from '../../../model/failure/error-record.ts'
import { JobId } from '../../../model/job/job.ts'
import { JsonValue, Milliseconds } from '../../../model/json.ts'
import { SharedKey } from '../../../model/shared-key.ts'
import type { Database } from '../../engine/database.ts'
import { TURN_PATIENCE_MS, nextTurn, noteAsker } from './discovery-round-robin.ts'
import { jsonText } from '../jobs/job-row.ts'
import { countLate } from '../notify/late-reports.ts'
import { defineOperation } from '../define.ts'

/**
 * Discoveries end with their attempt, which ends with the owner. Their instants are steady ones, so
 * a jump of the clock neither shortens nor prolongs them.
 */

/**
 * Pause before another worker retries a failed discovery, because most failures of web pages are
 * short. The pause doubles with each failure.
 */
const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 10_000

const Key = z.object({ jobId: JobId, attempt: z.int().positive(), key: SharedKey })
type Key = z.infer<typeof Key>

const Row = z.object({
  state: z.enum(['open', 'held', 'done', 'failed']),
  openedAt: z.int(),
  fence: z.int(),
  leaseUntil: z.int().nullable(),
  stands: z.int(),
  failures: z.int(),
  settledAt: z.int().nullable(),
  validUntil: z.int().nullable(),
  value: jsonText(JsonValue).nullable(),
  error: jsonText(ErrorRecord).nullable(),
})
type Row = z.infer<typeof Row>

const THIS_KEY = 'job_id = $jobId AND attempt = $attempt AND key = $key'

function read(db: Database, key: Key): Row | undefined {
  const row = db.one(
    `SELECT state, opened_at AS openedAt, fence, lease_until AS leaseUntil, stands, failures, settled_at AS settledAt, valid_until AS validUntil,
            value, error FROM discoveries WHERE ${THIS_KEY}`,
    key,
  )
  return row === undefined ? undefined : Row.parse(row)
}

const Settled = [
  z.object({
    status: z.literal('done'),
    value: JsonValue,
    ageMs: Milliseconds,
    validForMs: Milliseconds.nullable(),
  }),
  z.object({ status: z.literal('failed'), error: ErrorRecord }),
] as const

/**
 * Reply to a waiting worker. `forMs` is the time after which it asks again without news. `stands`
 * is true if the holder waits for something itself, so that its limit is paused.
 */
const Waiting = z.object({ status: z.literal('waiting'), forMs: Milliseconds, stands: z.boolean() })

/** Returns the end of the holder's lease; `now` if the discovery has no holder. */
const heldUntil = (current: Row | undefined, now: number): number =>
  current?.state === 'held' ? (current.leaseUntil ?? now) : now

/**
 * Returns the state of a discovery for a waiting worker. This is a read, because the reply to a
 * write is synced before it is sent. `unsettled` means that the discovery has no holder and can be
 * acquired.
 */
const lookAtDiscovery = defineOperation({
  name: 'discoveries.look',
  kind: 'read',
  input: Key,
  output: z.discriminatedUnion('status', [...Settled, Waiting, z.object({ status: z.literal('unsettled') })]),
  run(db, key, { steadyNow: now }) {
    const current = read(db, key)
    const there = settled(current, now)
    if (there !== undefined) return there
    const forMs = heldUntil(current, now) - now
    return forMs > 0 ? waiting(forMs, current?.stands === 1) : { status: 'unsettled' as const }
  },
})

const Acquire = Key.extend({
  workerId: WorkerId,
  member: z.int().positive(),
  members: z.int().positive(),
  leaseMs: z.int().positive(),
})

const Acquired = z.discriminatedUnion('status', [
  z.object({ status: z.literal('held'), fence: z.int() }),
  ...Settled,
  Waiting,
])

/**
 * Asks for the discovery of a key. Returns its value or its failure while that is valid; the lease,
 * if the discovery has no holder and it is this worker's turn; else `waiting`. `fence` proves the
 * lease to `complete`, `fail` and `yield`.
 */
const acquireDiscovery = defineOperation({
  name: 'discoveries.acquire',
  kind: 'write',
  input: Acquire,
  output: Acquired,
  // Waiting workers are notified when the discovery is settled or can be acquired again. A request
  // or a new lease is no news for them.
  run: (db, asked, { steadyNow: now }) => db.quietly(() => acquire(db, asked, now)),
})

function acquire(
  db: Database,
  { workerId, member, members, leaseMs, ...key }: z.output<typeof Acquire>,
  now: number,
): z.output<typeof Acquired> {
  const current = read(db, key)
  const there = settled(current, now)
  if (there !== undefined) return there
  noteAsker(db, { ...key, member, members })
  const takenMs = heldUntil(current, now) - now
  if (takenMs > 0) return waiting(takenMs, current?.stands === 1)
  const openedAt = current?.state === 'open' ? current.openedAt : now
  if (openedAt > now) return waiting(openedAt - now)
  const next = nextTurn(db, { ...key, member, members })
  const anybodyAt = openedAt + TURN_PATIENCE_MS
  if (next.member !== member && anybodyAt > now) {
    if (current?.state !== 'open') open(db, key, now, 0)
    return waiting(anybodyAt - now)
  }
  const fence = (current?.fence ?? 0) + 1
  const failures = current?.state === 'open' || current?.state === 'held' ? current.failures : 0
  db.run(
    `INSERT INTO discoveries (job_id, attempt, key, state, opened_at, fence, holder, member, turn, lease_until, failures)
       VALUES ($jobId, $attempt, $key, 'held', $now, $fence, $holder, $member, $turn, $leaseUntil, $failures)
       ON CONFLICT (job_id, attempt, key) DO UPDATE SET state = 'held', fence = excluded.fence, holder = excluded.holder,
         member = excluded.member, turn = excluded.turn, lease_until = excluded.lease_until, stands = 0, failures = excluded.failures`,
    { ...key, now, fence, holder: workerId, member, turn: next.turn, leaseUntil: now + leaseMs, failures },
  )
  return { status: 'held' as const, fence }
}

const waiting = (forMs: number, stands = false) => ({ status: 'waiting' as const, forMs, stands })

/** Returns the value or the failure, while it is valid. */
function settled(current: Row | undefined, now: number) {
  if (current === undefined) return undefined
  const { state, value, error, settledAt, validUntil } = current
  if (validUntil !== null && validUntil <= now) return undefined
  if (state === 'failed' && error !== null) return { status: 'failed' as const, error }
  if (state !== 'done') return undefined
  const validForMs = validUntil === null ? null : validUntil - now
  return { status: 'done' as const, value, ageMs: Math.max(0, now - (settledAt ?? now)), validForMs }
}

/** Opens the discovery to other workers from `at` on. The number of failures is retained. */
function open(db: Database, key: Key, at: number, failures: number): void {
  db.run(
    `INSERT INTO discoveries (job_id, attempt, key, state, opened_at, fence, failures)
     VALUES ($jobId, $attempt, $key, 'open', $at, 0, $failures)
     ON CONFLICT (job_id, attempt, key) DO UPDATE SET state = 'open', opened_at = excluded.opened_at, failures = excluded.failures`,
    { ...key, at, failures },
  )
}

/**
 * Gives the holder a new lease from now on: a longer one while the holder waits itself (`stands`),
 * the rest of the old one afterwards. Notifies the workers that wait for the discovery. Not applied
 * if another worker has taken the turn.
 */
const renewDiscovery = defineOperation({
  name: 'discoveries.renew',
  kind: 'write',
  input: Key.extend({ fence: z.int(), leaseMs: z.int().positive(), stands: z.boolean() }),
  output: z.object({ applied: z.boolean() }),
  run(db, { fence, leaseMs, stands, ...key }, { steadyNow: now }) {
    const row = db.one(
      `UPDATE discoveries SET lease_until = $leaseUntil, stands = $stands
       WHERE ${THIS_KEY} AND state = 'held' AND fence = $fence RETURNING fence`,
      { ...key, fence, leaseUntil: now + leaseMs, stands: stands ? 1 : 0 },
    )
    return { applied: row !== undefined }
  },
})

/** Validity of a value or a failure in milliseconds; null for the whole attempt. */
const Validity = z.int().positive().nullable().default(null)

const completeDiscovery = defineOperation({
  name: 'discoveries.complete',
  kind: 'write',
  input: Key.extend({ fence: z.int(), value: JsonValue, ttlMs: Validity }),
  output: z.object({ applied: z.boolean() }),
  run: (db, { fence, value, ttlMs, ...key }, { steadyNow: now }) => ({
    applied: settle(db, key, fence, { value: JSON.stringify(value), error: null, now, ttlMs }),
  }),
})

/**
 * Records that the holder's discovery failed. While `retries` allow, another worker tries (`again`)
 * after a pause. Otherwise every waiting worker receives the error.
 */
const failDiscovery = defineOperation({
  name: 'discoveries.fail',
  kind: 'write',
  input: Key.extend({
    fence: z.int(),
    error: ErrorRecord,
    retries: z.int().nonnegative().default(0),
    ttlMs: Validity,
  }),
  output: z.object({ applied: z.boolean(), again: z.boolean() }),
  run(db, { fence, error, retries, ttlMs, ...key }, { steadyNow: now }) {
    const current = read(db, key)
    if (current?.state !== 'held' || current.fence !== fence) {
      countLate(db, key.jobId)
      return { applied: false, again: false }
    }
    const failures = current.failures + 1
    if (failures <= retries) {
      open(db, key, now + Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1)), failures)
      return { applied: true, again: true }
    }
    const applied = settle(db, key, fence, { value: null, error: JSON.stringify(error), now, ttlMs })
    return { applied, again: false }
  },
})

/**
 * Ends the holder's lease without a value or a failure, so that the next worker tries. Not applied
 * if another worker has taken the turn.
 */
const yieldDiscovery = defineOperation({
  name: 'discoveries.yield',
  kind: 'write',
  input: Key.extend({ fence: z.int() }),
  output: z.object({ applied: z.boolean() }),
  run(db, { fence, ...key }, { steadyNow: now }) {
    const row = db.one(
      `UPDATE discoveries SET state = 'open', opened_at = $now
       WHERE ${THIS_KEY} AND state = 'held' AND fence = $fence RETURNING fence`,
      { ...key, fence, now },
    )
    return { applied: row !== undefined }
  },
})

interface Settling {
  readonly value: string | null
  readonly error: string | null
  readonly now: number
  readonly ttlMs: number | null
}

function settle(db: Database, key: Key, fence: number, { value, error, now, ttlMs }: Settling): boolean {
  const row = db.one(
    `UPDATE discoveries SET state = $state, value = $value, error = $error, settled_at = $now, valid_until = $validUntil
     WHERE ${THIS_KEY} AND state = 'held' AND fence = $fence RETURNING fence`,
    {
      ...key,
      ...{ fence, value, error, now },
      state: error === null ? 'done' : 'failed',
      validUntil: ttlMs === null ? null : now + ttlMs,
    },
  )
  if (row === undefined) countLate(db, key.jobId)
  return row !== undefined
}

/**
 * Releases the leases of a worker that ended, so that the next worker does not wait for their end.
 */
const releaseDiscoveries = defineOperation({
  name: 'discoveries.release',
  kind: 'write',
  input: z.object({ workerId: WorkerId }),
  output: z.object({ released: z.int() }),
  run(db, { workerId }, { steadyNow: now }) {
    const rows = db.all(
      `UPDATE discoveries SET state = 'open', opened_at = $now WHERE holder = $holder AND state = 'held' RETURNING key`,
      { now, holder: workerId },
    )
    return { released: rows.length }
  },
})

export const discoveryOperations = {
  [lookAtDiscovery.name]: lookAtDiscovery,
  [acquireDiscovery.name]: acquireDiscovery,
  [renewDiscovery.name]: renewDiscovery,
  [completeDiscovery.name]: completeDiscovery,
  [failDiscovery.name]: failDiscovery,
  [yieldDiscovery.name]: yieldDiscovery,
  [releaseDiscoveries.name]: releaseDiscoveries,
}
