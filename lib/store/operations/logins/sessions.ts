import { z } from 'zod'
import { AccountRef, MAX_SEALED_LOGIN } from '../../../model/worker/account.ts'
import { WorkerId } from '../../../model/worker/documents.ts'
import type { WaitReason } from '../../../model/job/wait-reason.ts'
import { JobId } from '../../../model/job/job.ts'
import { Instant } from '../../../model/json.ts'
import type { Database } from '../../engine/database.ts'
import { LEASE_HELD } from './account-lease.ts'
import { defineOperation } from '../define.ts'
import { parseRows } from '../parse-rows.ts'

/**
 * Cookies and storage of one saved login, encrypted. A worker refuses to save a larger login, with
 * a reason for the author.
 */
const Sealed = z.string().max(MAX_SEALED_LOGIN)

const THIS_ACCOUNT = 'site = $site AND account = $account'

const HolderRow = z.object({
  sealed: Sealed.nullable(),
  fence: z.int(),
  holder: WorkerId.nullable(),
  jobId: JobId.nullable(),
  held: z.int(),
})

function readHolder(db: Database, ref: AccountRef): z.infer<typeof HolderRow> | undefined {
  const row = db.one(
    `SELECT sealed, fence, holder, job_id AS jobId, (${LEASE_HELD}) AS held FROM sessions WHERE ${THIS_ACCOUNT}`,
    ref,
  )
  return row === undefined ? undefined : HolderRow.parse(row)
}

/**
 * Records the account of a job, and as its wait reason the job that uses this account. The job is
 * not claimed again while another job uses its account.
 */
function rememberAccount(db: Database, id: number, ref: AccountRef, user: number | null): void {
  const reason: WaitReason | null = user === id ? null : { ...ref, why: 'account', jobId: user }
  db.run('UPDATE jobs SET account_site = $site, account = $account, wait_reason = $reason WHERE id = $id', {
    ...ref,
    id,
    reason: reason && JSON.stringify(reason),
  })
}

/**
 * Requests an account. Returns `held` if the account is free, otherwise `waiting` with the job that
 * uses it. `fence` proves the lease in later calls. A repeated call by the holder returns the same
 * fence. `fenced` means that the attempt is no longer running. With `sole`, for the only worker of
 * a job, the account is recorded as that of the job (see ACCOUNT_FREE).
 */
const acquireSession = defineOperation({
  name: 'sessions.acquire',
  kind: 'write',
  input: AccountRef.extend({
    workerId: WorkerId,
    jobId: JobId,
    attempt: z.int().positive(),
    sole: z.boolean().default(false),
  }),
  output: z.discriminatedUnion('status', [
    z.object({ status: z.literal('held'), fence: z.int() }),
    z.object({ status: z.literal('waiting'), jobId: JobId.nullable() }),
    z.object({ status: z.literal('fenced') }),
  ]),
  run(db, { workerId, jobId, attempt, sole, ...ref }, { now }) {
    const running = db.one(
      `SELECT id FROM jobs WHERE id = $jobId AND attempt = $attempt AND state = 'running'`,
      { jobId, attempt },
    )
    if (running === undefined) return { status: 'fenced' as const }
    const current = readHolder(db, ref)
    const taken = current?.held === 1 && current.holder !== workerId
    if (sole) rememberAccount(db, jobId, ref, taken ? current.jobId : jobId)
    if (taken) {
      return { status: 'waiting' as const, jobId: current.jobId }
    }
    const fence = (current?.fence ?? 0) + (current?.held === 1 ? 0 : 1)
    db.run(
      `INSERT INTO sessions (site, account, fence, holder, job_id, attempt, held_at)
       VALUES ($site, $account, $fence, $workerId, $jobId, $attempt, $now)
       ON CONFLICT (site, account) DO UPDATE SET fence = excluded.fence, holder = excluded.holder, job_id = excluded.job_id,
         attempt = excluded.attempt, held_at = excluded.held_at`,
      { ...ref, fence, workerId, jobId, attempt, now },
    )
    return { status: 'held' as const, fence }
  },
})

/**
 * Returns the saved login of an account to the worker that uses the account; null if there is none.
 * It is a separate read, because replies to writes are stored for some time.
 */
const readSession = defineOperation({
  name: 'sessions.read',
  kind: 'read',
  input: AccountRef.extend({ fence: z.int() }),
  output: z.object({ sealed: Sealed.nullable() }),
  run(db, { fence, ...ref }) {
    const current = readHolder(db, ref)
    return { sealed: current?.fence === fence ? current.sealed : null }
  },
})

/**
 * Saves the login of an account. Fenced: only the worker that uses the account now may save. With
 * `known`, only replaces a saved login that still exists, so that a login that was removed in the
 * meantime is not restored.
 */
const saveSession = defineOperation({
  name: 'sessions.save',
  kind: 'write',
  input: AccountRef.extend({ fence: z.int(), sealed: Sealed, known: z.boolean() }),
  output: z.object({ applied: z.boolean() }),
  run(db, { site, account, fence, sealed, known }, { now }) {
    const rows = db.all(
      `UPDATE sessions SET sealed = $sealed, saved_at = $now
       WHERE ${THIS_ACCOUNT} AND fence = $fence AND ${LEASE_HELD} AND ($known = 0 OR sealed IS NOT NULL) RETURNING fence`,
      { site, account, fence, sealed, known: known ? 1 : 0, now },
    )
    return { applied: rows.length > 0 }
  },
})

/**
 * Removes the saved login of an account after its worker has found that it no longer works. The
 * worker keeps the lease.
 */
const discardSession = defineOperation({
  name: 'sessions.discard',
  kind: 'write',
  input: AccountRef.extend({ fence: z.int() }),
  output: z.object({ applied: z.boolean() }),
  run(db, { site, account, fence }) {
    const rows = db.all(
      `UPDATE sessions SET sealed = NULL, saved_at = NULL WHERE ${THIS_ACCOUNT} AND fence = $fence RETURNING fence`,
      { site, account, fence },
    )
    return { applied: rows.length > 0 }
  },
})

/** Releases the accounts of a worker that has ended or no longer needs them. */
const releaseSessions = defineOperation({
  name: 'sessions.release',
  kind: 'write',
  input: z.object({ workerId: WorkerId }),
  output: z.object({ released: z.int() }),
  run(db, { workerId }) {
    const rows = db.all(
      'UPDATE sessions SET holder = NULL, job_id = NULL, attempt = NULL, held_at = NULL WHERE holder = $workerId RETURNING fence',
      { workerId },
    )
    return { released: rows.length }
  },
})

/** An account as shown to the operator, without its saved login. */
export const SessionSummary = AccountRef.extend({
  savedAt: Instant.nullable(),
  /** Worker that uses the account now; null if it is free. */
  holder: WorkerId.nullable(),
  jobId: JobId.nullable(),
})
export type SessionSummary = z.infer<typeof SessionSummary>

const listSessions = defineOperation({
  name: 'sessions.list',
  kind: 'read',
  input: z.object({}),
  output: z.array(SessionSummary),
  run: db =>
    db
      .all(
        `SELECT site, account, saved_at AS savedAt, CASE WHEN ${LEASE_HELD} THEN holder END AS holder,
                CASE WHEN ${LEASE_HELD} THEN job_id END AS jobId
         FROM sessions WHERE sealed IS NOT NULL OR ${LEASE_HELD} ORDER BY site, account`,
      )
      .flatMap(parseRows(SessionSummary)),
})

/**
 * Removes the saved login of an account, at one site or at all sites, so that the next job logs in
 * again. A worker that is using the login now continues to use it.
 */
const forgetSession = defineOperation({
  name: 'sessions.forget',
  kind: 'write',
  input: z.object({ account: AccountRef.shape.account, site: AccountRef.shape.site.optional() }),
  output: z.array(AccountRef),
  run: (db, { account, site }) =>
    db
      .all(
        `UPDATE sessions SET sealed = NULL, saved_at = NULL
         WHERE account = $account AND ($site IS NULL OR site = $site) AND sealed IS NOT NULL RETURNING site, account`,
        { account, site: site ?? null },
      )
      .map(row => AccountRef.parse(row)),
})

export const sessionOperations = {
  [acquireSession.name]: acquireSession,
  [readSession.name]: readSession,
  [saveSession.name]: saveSession,
  [discardSession.name]: discardSession,
  [releaseSessions.name]: releaseSessions,
  [listSessions.name]: listSessions,
  [forgetSession.name]: forgetSession,
}
