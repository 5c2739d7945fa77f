import { z } from 'zod'
import { AutomateError, errorToRecord } from '../../../core/errors/errors.ts'
import type { WaitReason } from '../../../model/job/wait-reason.ts'
import { AfterFailure, ENDED_STATES, JobId, MAX_DEPENDENCIES } from '../../../model/job/job.ts'
import type { Job, JobState } from '../../../model/job/job.ts'
import type { Database } from '../../engine/database.ts'
import { defineOperation } from '../define.ts'
import { CLAIMABLE, requireJob, sqlList } from './find-job.ts'
import { NEXT_SEQ } from './job-row.ts'

/** Maximum number of jobs that a wait reason names. */
const NAMED = 10

/** Final states of a job in which its dependents are cancelled, if they ask for that. */
const DIED: ReadonlySet<JobState> = new Set(['failed', 'cancelled'])

/**
 * Makes a job wait for other jobs.
 * @throws `job-missing` if one of them does not exist.
 * @throws `job-state` if jobs would wait for each other, or if `afterFailure` is `cancel` and one
 * of the other jobs has already failed or was cancelled.
 */
export function insertDependencies(db: Database, id: number, after: readonly number[]): void {
  const { afterFailure } = requireJob(db, id)
  for (const other of new Set(after)) {
    const job = requireJob(db, other)
    if (afterFailure === 'cancel' && DIED.has(job.state)) {
      throw deadAlready(id, job)
    }
    refuseCycle(db, id, other)
    db.run('INSERT INTO job_dependencies (job_id, after_id) VALUES ($id, $other) ON CONFLICT DO NOTHING', {
      id,
      other,
    })
  }
  recountOpen(db, id)
}

/** Stores the number of a job's open dependencies, and records these as its wait reason. */
export function recountOpen(db: Database, id: number): void {
  const open = db
    .all(
      `SELECT after_id AS id FROM job_dependencies JOIN jobs ON jobs.id = after_id
       WHERE job_id = $id AND jobs.state NOT IN (${sqlList(ENDED_STATES)}) ORDER BY after_id`,
      { id },
    )
    .map(row => JobId.parse(row['id']))
  const reason: WaitReason | null =
    open.length === 0
      ? null
      : { why: 'jobs', jobs: open.slice(0, NAMED), more: Math.max(0, open.length - NAMED) }
  db.run('UPDATE jobs SET open_dependencies = $count, wait_reason = $reason WHERE id = $id', {
    id,
    count: open.length,
    reason: reason && JSON.stringify(reason),
  })
}

/**
 * Makes the queued jobs that depend on a job wait for it again, because that job was queued again.
 */
export function lookAtDependents(db: Database, id: number): void {
  const dependents = db.all(
    `SELECT jobs.id AS id FROM job_dependencies JOIN jobs ON jobs.id = job_id
     WHERE after_id = $id AND state = 'queued' ORDER BY jobs.id`,
    { id },
  )
  for (const row of dependents) recountOpen(db, JobId.parse(row['id']))
}

/**
 * Returns the error for a job that would be cancelled, because a job that it depends on has failed
 * or was cancelled; null for any other job.
 */
export function deadDependency(db: Database, id: number): AutomateError | null {
  const { after, afterFailure } = requireJob(db, id)
  if (afterFailure === 'run') return null
  const dead = after.map(other => requireJob(db, other)).find(({ state }) => DIED.has(state))
  return dead === undefined ? null : deadAlready(id, dead)
}

const Dependent = z.object({ id: JobId, afterFailure: AfterFailure })

/**
 * Settles the dependents of a job that has ended. The dependents may then start, or are cancelled
 * with the job. The dependents of a cancelled dependent are settled in turn.
 */
export function settleDependents(db: Database, id: number, state: JobState, now: number): void {
  const ended = [{ id, state }]
  for (let one = ended.shift(); one !== undefined; one = ended.shift()) {
    const dependents = db
      .all(
        `SELECT jobs.id AS id, after_failure AS afterFailure FROM job_dependencies JOIN jobs ON jobs.id = job_id
         WHERE after_id = $id AND open_dependencies > 0 AND state IN (${CLAIMABLE}) ORDER BY jobs.id`,
        { id: one.id },
      )
      .map(row => Dependent.parse(row))
    for (const { id: dependent, afterFailure } of dependents) {
      if (one.state === 'succeeded' || afterFailure === 'run') recountOpen(db, dependent)
      else {
        cancelWith(db, dependent, one, now)
        ended.push({ id: dependent, state: 'cancelled' })
      }
    }
  }
}

function cancelWith(
  db: Database,
  id: number,
  other: { readonly id: number; readonly state: JobState },
  now: number,
): void {
  const why = other.state === 'failed' ? 'failed' : 'was cancelled'
  const error = new AutomateError('cancelled', `Job ${other.id}, which this job waited for, ${why}.`, {
    facts: { after: other.id },
  })
  error.stack = ''
  db.run(
    `UPDATE jobs SET state = 'cancelled', ended_at = $now, open_dependencies = 0, wait_reason = NULL, error = $error, seq = ${NEXT_SEQ}
     WHERE id = $id`,
    { id, now, error: JSON.stringify(errorToRecord(error)) },
  )
}

/**
 * Refuses a dependency because of which jobs would wait for each other forever. Jobs that have
 * ended count too, because they wait again when they are retried.
 * @throws `job-state` if `other`, or a job that it waits for, already waits for `id`.
 */
function refuseCycle(db: Database, id: number, other: number): void {
  if (other !== id && !waitsOn(db, other, id)) return
  throw new AutomateError(
    'job-state',
    other === id
      ? `Job ${id} cannot wait for itself.`
      : `Job ${id} cannot wait for job ${other}, because job ${other} already waits for job ${id}: ${id} → ${wayTo(db, other, id)}. Both would wait forever.`,
    { facts: { jobId: id, after: other } },
  )
}

/**
 * Returns true if a job waits for another one, directly or through other jobs. Visits each job only
 * once.
 */
function waitsOn(db: Database, id: number, other: number): boolean {
  // A new job has no dependents. Most jobs that get a dependency are new, so this check usually
  // avoids the search.
  if (db.one('SELECT 1 AS found FROM job_dependencies WHERE after_id = $other', { other }) === undefined)
    return false
  const row = db.one(
    `WITH RECURSIVE line(at) AS (
       SELECT $id UNION SELECT after_id FROM job_dependencies JOIN line ON job_id = at)
     SELECT 1 AS found FROM line WHERE at = $other`,
    { id, other },
  )
  return row !== undefined
}

/** Returns the shortest chain of dependencies from one job to another, as a text for people. */
function wayTo(db: Database, from: number, to: number): string {
  const cameFrom = new Map([[from, from]])
  for (const at of cameFrom.keys()) {
    if (at === to) break
    const rows = db.all('SELECT after_id AS id FROM job_dependencies WHERE job_id = $at ORDER BY after_id', {
      at,
    })
    for (const id of rows.map(row => JobId.parse(row['id']))) if (!cameFrom.has(id)) cameFrom.set(id, at)
  }
  const way = [to]
  for (let at = to; at !== from; way.unshift(at)) at = cameFrom.get(at) ?? from
  const shown = way.length > NAMED ? [...way.slice(0, NAMED - 1), '…', to] : way
  return shown.join(' → ')
}

function deadAlready(id: number, { id: other, state }: Job): AutomateError {
  const how = state === 'failed' ? 'has failed' : 'was cancelled'
  return new AutomateError(
    'job-state',
    `Job ${other} ${how}, so a job that waits for it would be cancelled at once. Retry job ${other} first, or run this job anyway (--if-failed run).`,
    { facts: { jobId: id, after: other } },
  )
}

/**
 * Makes a job that has not started wait for more jobs.
 * @throws `job-state` if the job has started.
 * @throws the errors of `insertDependencies`.
 */
const addDependencies = defineOperation({
  name: 'jobs.wait-for',
  kind: 'write',
  input: z.object({ id: JobId, after: z.array(JobId).min(1).max(MAX_DEPENDENCIES) }),
  output: z.object({ after: z.array(JobId) }),
  run(db, { id, after }) {
    const { state } = requireJob(db, id)
    if (state !== 'queued') {
      throw new AutomateError(
        'job-state',
        `Job ${id} is ${state}, but only a queued job can wait for others.`,
        {
          facts: { jobId: id, state },
        },
      )
    }
    insertDependencies(db, id, after)
    return { after: requireJob(db, id).after }
  },
})

export const dependencyOperations = { [addDependencies.name]: addDependencies }
