import { z } from 'zod'
import { AutomateError } from '../../core/errors.ts'
import { ErrorRecord } from '../../domain/error-record.ts'
import {
  CLAIMABLE_STATES,
  ClaimedJob,
  ENDED_STATES,
  Job,
  JobId,
  JobRequest,
  JobState,
  JobSummary,
} from '../../domain/job.ts'
import { Instant, JsonValue } from '../../domain/json.ts'
import { ProxyId } from '../../domain/proxy-address.ts'
import { ACCOUNT_FREE } from './account-turn.ts'
import { defineOperation } from './define.ts'
import type { Database } from '../engine/database.ts'
import { JOB_COLUMNS, JOB_SUMMARY_COLUMNS, JobRow, JobSummaryRow, NEXT_SEQ } from './job-row.ts'
import { countJobs } from './count-jobs.ts'
import { recoverJobs } from './recover-jobs.ts'

const CLAIMABLE = sqlList(CLAIMABLE_STATES)
const ENDED = sqlList(ENDED_STATES)

/** Longest list one call returns. */
const LIST_LIMIT = 1_000

function sqlList(states: readonly JobState[]): string {
  return states.map(state => `'${state}'`).join(', ')
}

function readJob(db: Database, id: number): Job | null {
  const row = db.one(`SELECT ${JOB_COLUMNS} FROM jobs WHERE id = $id`, { id })
  return row === undefined ? null : JobRow.parse(row)
}

function requireJob(db: Database, id: number): Job {
  const job = readJob(db, id)
  if (job !== null) return job
  throw new AutomateError(
    'job-missing',
    `There is no job ${id}. "automate-tui jobs" lists those there are.`,
    {
      facts: { jobId: id },
    },
  )
}

/** The one job that carries this key and has not ended. */
function keyHolder(db: Database, key: string): number | null {
  const row = db.one(`SELECT id FROM jobs WHERE unique_key = $key AND state NOT IN (${ENDED})`, { key })
  return row === undefined ? null : JobId.parse(row['id'])
}

/** Queues a job. With a `uniqueKey` that a job which has not ended carries already, that job is answered and none is made. */
const enqueueJob = defineOperation({
  name: 'jobs.enqueue',
  kind: 'write',
  input: JobRequest,
  output: z.object({ id: JobId, created: z.boolean() }),
  run(db, request, { now }) {
    if (request.uniqueKey !== undefined) {
      const holder = keyHolder(db, request.uniqueKey)
      if (holder !== null) return { id: holder, created: false }
    }
    const row = db.one(
      `INSERT INTO jobs (workflow, input, state, priority, workers, due_at, retries, unique_key, origin, proxy, queued_at, seq)
       VALUES ($workflow, $input, 'queued', $priority, $workers, $dueAt, $retries, $uniqueKey, $origin, $proxy, $now, ${NEXT_SEQ}) RETURNING id`,
      {
        workflow: request.workflow,
        input: JSON.stringify(request.input),
        priority: request.priority,
        workers: request.workers,
        dueAt: request.dueAt ?? now,
        retries: request.retries,
        uniqueKey: request.uniqueKey ?? null,
        origin: request.origin,
        proxy: request.proxy === undefined ? null : JSON.stringify(request.proxy),
        now,
      },
    )
    return { id: JobId.parse(row?.['id']), created: true }
  },
})

const readJobOperation = defineOperation({
  name: 'jobs.read',
  kind: 'read',
  input: z.object({ id: JobId }),
  output: Job.nullable(),
  run: (db, { id }) => readJob(db, id),
})

/** Newest first. */
const listJobs = defineOperation({
  name: 'jobs.list',
  kind: 'read',
  input: z.object({
    states: z.array(JobState).optional(),
    beforeId: JobId.optional(),
    limit: z.int().min(1).max(LIST_LIMIT).default(200),
  }),
  output: z.array(JobSummary),
  run(db, { states, beforeId, limit }) {
    const filter = states === undefined ? '' : `AND state IN (${sqlList(states)})`
    return db
      .all(
        `SELECT ${JOB_SUMMARY_COLUMNS} FROM jobs WHERE id < $before ${filter} ORDER BY id DESC LIMIT $limit`,
        { before: beforeId ?? Number.MAX_SAFE_INTEGER, limit },
      )
      .map(row => JobSummaryRow.parse(row))
  },
})

/** All running jobs and those that changed last; what changed last stands first. */
const recentJobs = defineOperation({
  name: 'jobs.recent',
  kind: 'read',
  input: z.object({ limit: z.int().min(1).max(LIST_LIMIT) }),
  output: z.array(JobSummary),
  run(db, { limit }) {
    return db
      .all(
        `SELECT ${JOB_SUMMARY_COLUMNS} FROM jobs
         WHERE state = 'running' OR seq > coalesce((SELECT seq FROM jobs ORDER BY seq DESC LIMIT 1 OFFSET $limit), 0)
         ORDER BY seq DESC`,
        { limit },
      )
      .map(row => JobSummaryRow.parse(row))
  },
})

/** The jobs that may be claimed now or later, in the order in which they go: priority, then due time, then age. One whose account another job uses is left out. */
const claimableJobs = defineOperation({
  name: 'jobs.claimable',
  kind: 'read',
  input: z.object({ limit: z.int().min(1).max(LIST_LIMIT) }),
  output: z.array(JobSummary),
  run(db, { limit }, { now }) {
    const due = `SELECT ${JOB_SUMMARY_COLUMNS} FROM jobs WHERE state IN (${CLAIMABLE}) AND due_at <= $now AND ${ACCOUNT_FREE}
                 ORDER BY priority DESC, due_at, id LIMIT $limit`
    const later = `SELECT ${JOB_SUMMARY_COLUMNS} FROM jobs WHERE state IN (${CLAIMABLE}) AND due_at > $now
                   ORDER BY due_at, id LIMIT 1`
    const rows = [...db.all(due, { now, limit }), ...db.all(later, { now })]
    return rows.map(row => JobSummaryRow.parse(row))
  },
})

/** Takes a job for a new attempt, in one statement; null when it is not claimable any more, or its account is in use. */
const claimJob = defineOperation({
  name: 'jobs.claim',
  kind: 'write',
  input: z.object({ id: JobId }),
  output: ClaimedJob.nullable(),
  run(db, { id }, { now }) {
    const before = readJob(db, id)
    const row = db.one(
      `UPDATE jobs SET state = 'running', attempt = attempt + 1, started_at = $now, ended_at = NULL,
              cancel_requested_at = NULL, error = NULL, waits_for = NULL, seq = ${NEXT_SEQ}
       WHERE id = $id AND state IN (${CLAIMABLE}) AND due_at <= $now AND ${ACCOUNT_FREE}
       RETURNING ${JOB_COLUMNS}`,
      { id, now },
    )
    if (row === undefined) return null
    db.run('DELETE FROM offers WHERE job_id = $id', { id })
    db.run('DELETE FROM discoveries WHERE job_id = $id', { id })
    db.run('DELETE FROM discovery_askers WHERE job_id = $id', { id })
    return { ...JobRow.parse(row), failedWith: before?.error ?? null }
  },
})

/**
 * Ends an attempt. Fenced: an attempt that is not the running one changes nothing and is told so. A job that was to go on, but whose cancel was asked
 * for meanwhile, is `cancelled`; `state` says how it really stands.
 */
const finishJob = defineOperation({
  name: 'jobs.finish',
  kind: 'write',
  input: z.object({
    id: JobId,
    attempt: z.int().positive(),
    state: z.enum(['succeeded', 'failed', 'cancelled', 'retrying', 'interrupted']),
    result: JsonValue.optional(),
    error: ErrorRecord.optional(),
    /** When a `retrying` job is due again. */
    dueAt: Instant.optional(),
    /** With `retrying`: the proxies that have failed so far, for a try with another one that does not count as a failure of the job. */
    proxiesTried: z.array(ProxyId).optional(),
  }),
  output: z.object({ applied: z.boolean(), state: JobState.nullable() }),
  run(db, { id, attempt, state, result, error, dueAt, proxiesTried }, { now }) {
    const failed = state === 'failed' || (state === 'retrying' && proxiesTried === undefined) ? 1 : 0
    const goesOn = state === 'retrying' || state === 'interrupted' ? 1 : 0
    const row = db.one(
      `UPDATE jobs SET state    = CASE WHEN $goesOn AND cancel_requested_at IS NOT NULL THEN 'cancelled' ELSE $state END,
              ended_at = CASE WHEN $goesOn AND cancel_requested_at IS NULL THEN NULL ELSE $now END,
              failures = failures + $failed, result = $result, error = $error, proxies_tried = $proxiesTried,
              due_at = coalesce($dueAt, due_at), seq = ${NEXT_SEQ}
       WHERE id = $id AND attempt = $attempt AND state = 'running' RETURNING state`,
      {
        id,
        attempt,
        state,
        failed,
        goesOn,
        now,
        result: result === undefined ? null : JSON.stringify(result),
        error: error === undefined ? null : JSON.stringify(error),
        dueAt: dueAt ?? null,
        proxiesTried: JSON.stringify(proxiesTried ?? []),
      },
    )
    return row === undefined
      ? { applied: false, state: null }
      : { applied: true, state: JobState.parse(row['state']) }
  },
})

/** Puts off a job that could not be begun, and says why: it stays as it is, and is looked at again at `until`. */
const holdJob = defineOperation({
  name: 'jobs.hold',
  kind: 'write',
  input: z.object({ id: JobId, until: Instant, reason: z.string().min(1).max(500) }),
  output: z.object({}),
  run(db, { id, until, reason }) {
    db.run(
      `UPDATE jobs SET due_at = $until, waits_for = $reason, seq = ${NEXT_SEQ} WHERE id = $id AND state IN (${CLAIMABLE})`,
      { id, until, reason },
    )
    return {}
  },
})

/** Cancels at once what is not running; asks the scheduler to stop what is. Throws `job-state` for a job that has ended. */
const cancelJob = defineOperation({
  name: 'jobs.cancel',
  kind: 'write',
  input: z.object({ id: JobId }),
  output: z.object({ state: JobState }),
  run(db, { id }, { now }) {
    const job = requireJob(db, id)
    if (job.endedAt !== null) {
      throw new AutomateError('job-state', `Job ${id} has ended already (${job.state}).`, {
        facts: { jobId: id, state: job.state },
      })
    }
    db.run(
      `UPDATE jobs SET cancel_requested_at = $now, waits_for = NULL, seq = ${NEXT_SEQ},
              state    = CASE state WHEN 'running' THEN state ELSE 'cancelled' END,
              ended_at = CASE state WHEN 'running' THEN NULL ELSE $now END
       WHERE id = $id`,
      { id, now },
    )
    return { state: job.state === 'running' ? ('running' as const) : ('cancelled' as const) }
  },
})

/**
 * Queues a job again that has ended without success, is parked, or waits for its retry. Its count of failures starts anew.
 * Throws `job-state` for any other, and when its unique key is another job's now.
 */
const retryJob = defineOperation({
  name: 'jobs.retry',
  kind: 'write',
  input: z.object({ id: JobId }),
  output: z.object({ state: JobState }),
  run(db, { id }, { now }) {
    const job = requireJob(db, id)
    if (job.state === 'running' || job.state === 'queued' || job.state === 'succeeded') {
      throw new AutomateError('job-state', `Job ${id} is ${job.state}: there is nothing to retry.`, {
        facts: { jobId: id, state: job.state },
      })
    }
    const holder = job.uniqueKey === null ? null : keyHolder(db, job.uniqueKey)
    if (holder !== null && holder !== id) {
      throw new AutomateError(
        'job-state',
        `Job ${id} cannot run again beside job ${holder}: only one of them may carry the key "${job.uniqueKey}". Cancel job ${holder} first.`,
        { facts: { jobId: id, holder } },
      )
    }
    db.run(
      `UPDATE jobs SET state = 'queued', due_at = $now, failures = 0, console_deaths = 0, ended_at = NULL,
              cancel_requested_at = NULL, proxies_tried = '[]', waits_for = NULL, seq = ${NEXT_SEQ} WHERE id = $id`,
      { id, now },
    )
    return { state: 'queued' as const }
  },
})

export const jobOperations = {
  [enqueueJob.name]: enqueueJob,
  [readJobOperation.name]: readJobOperation,
  [listJobs.name]: listJobs,
  [recentJobs.name]: recentJobs,
  [countJobs.name]: countJobs,
  [claimableJobs.name]: claimableJobs,
  [claimJob.name]: claimJob,
  [holdJob.name]: holdJob,
  [finishJob.name]: finishJob,
  [cancelJob.name]: cancelJob,
  [retryJob.name]: retryJob,
  [recoverJobs.name]: recoverJobs,
}
