import { z } from 'zod'
import { ErrorRecord } from '../../../model/failure/error-record.ts'
import { Job, JobId, JobRequest, JobState, JobSummary, jobEnded } from '../../../model/job/job.ts'
import { Instant, JsonValue } from '../../../model/json.ts'
import { ProxyId } from '../../../model/proxy/proxy-address.ts'
import type { Database } from '../../engine/database.ts'
import { cancelJob } from './cancel-job.ts'
import { dropAttempt, dropMarks } from '../coordination/attempt-cleanup.ts'
import { reportFailure } from '../notify/failure-report.ts'
import { defineOperation } from '../define.ts'
import { settleDependents } from './dependencies.ts'
import { enqueueJob } from './enqueue-job.ts'
import { readJob, sqlList } from './find-job.ts'
import { JOB_SUMMARY_COLUMNS, JobSummaryRow, NEXT_SEQ } from './job-row.ts'
import { countLate } from '../notify/late-reports.ts'
import { resolveGroups, reopenGroups } from '../notify/notices.ts'
import { countJobs } from './count-jobs.ts'
import { recoverJobs } from '../maintenance/recover-jobs.ts'
import { parseRows } from '../parse-rows.ts'

/** Maximum number of jobs in a reply. */
const LIST_LIMIT = 1_000

const enqueueOperation = defineOperation({
  name: 'jobs.enqueue',
  kind: 'write',
  input: JobRequest,
  output: z.object({ id: JobId, created: z.boolean() }),
  run: (db, request, { now }) => enqueueJob(db, request, now),
})

const readJobOperation = defineOperation({
  name: 'jobs.read',
  kind: 'read',
  input: z.object({ id: JobId }),
  output: Job.nullable(),
  run: (db, { id }) => readJob(db, id),
})

/**
 * Maximum number of summaries in a reply, more than the number of jobs that ever run or change
 * between two polls.
 */
const MOST_SUMMARIES = 10_000

/** Lists jobs, newest first. */
const listJobs = defineOperation({
  name: 'jobs.list',
  kind: 'read',
  input: z.object({
    states: z.array(JobState).optional(),
    workflow: z.string().optional(),
    beforeId: JobId.optional(),
    limit: z.int().min(1).max(LIST_LIMIT).default(200),
  }),
  output: z.array(JobSummary),
  run(db, { states, workflow, beforeId, limit }) {
    const inState = states === undefined ? '' : `AND state IN (${sqlList(states)})`
    const ofWorkflow = workflow === undefined ? '' : 'AND workflow = $workflow'
    return db
      .all(
        `SELECT ${JOB_SUMMARY_COLUMNS} FROM jobs WHERE id < $before ${inState} ${ofWorkflow} ORDER BY id DESC LIMIT $limit`,
        {
          before: beforeId ?? Number.MAX_SAFE_INTEGER,
          limit,
          ...(workflow === undefined ? {} : { workflow }),
        },
      )
      .flatMap(parseRows(JobSummaryRow))
  },
})

const JobChange = z.object({ id: JobId, seq: z.int() })

/**
 * Returns all running jobs and the most recently changed jobs, most recently changed first, all
 * from the same moment. `seq` differs after each change to a job. A job has a summary, unless its
 * `seq` in `known` is current or its row cannot be read.
 */
const recentJobs = defineOperation({
  name: 'jobs.recent',
  kind: 'read',
  input: z.object({
    limit: z.int().min(1).max(LIST_LIMIT),
    known: z.array(JobChange).max(MOST_SUMMARIES).default([]),
  }),
  output: z.array(JobChange.extend({ job: JobSummary.optional() })),
  run(db, { limit, known }) {
    const recent = db
      .all(
        `SELECT id, seq FROM (SELECT id, seq FROM jobs ORDER BY seq DESC LIMIT $limit)
         UNION SELECT id, seq FROM jobs WHERE state = 'running' ORDER BY seq DESC`,
        { limit },
      )
      .flatMap(parseRows(JobChange))
    const knownSeqs = new Map(known.map(({ id, seq }) => [id, seq]))
    const ids = recent.filter(({ id, seq }) => knownSeqs.get(id) !== seq).map(({ id }) => id)
    const jobs = new Map(summariesOf(db, ids).map(job => [job.id, job]))
    return recent.map(({ id, seq }) => ({ id, seq, job: jobs.get(id) }))
  },
})

/**
 * Returns the jobs in these states with a `seq` above `after` and up to `upTo`, least recently
 * changed first, at most `limit` jobs. `next` is the `after` of the next page; null at the end.
 */
const changedJobs = defineOperation({
  name: 'jobs.changed',
  kind: 'read',
  input: z.object({
    after: z.int().nonnegative(),
    upTo: z.int().nonnegative(),
    states: z.array(JobState),
    limit: z.int().min(1).max(LIST_LIMIT).default(LIST_LIMIT),
  }),
  output: z.object({ jobs: z.array(JobSummary), next: z.int().nullable() }),
  run(db, { after, upTo, states, limit }) {
    // The plus sign prevents SQLite from using the index by state, with which it would read all
    // jobs that have ever ended.
    const rows = db.all(
      `SELECT seq, ${JOB_SUMMARY_COLUMNS} FROM jobs
       WHERE seq > $after AND seq <= $upTo AND +state IN (${sqlList(states)}) ORDER BY seq LIMIT $limit`,
      { after, upTo, limit },
    )
    const last = rows.length < limit ? undefined : rows.at(-1)
    return {
      jobs: rows.flatMap(parseRows(JobSummaryRow)),
      next: last === undefined ? null : z.int().parse(last['seq']),
    }
  },
})

/** Returns the summaries of those of the jobs that exist. */
const jobSummaries = defineOperation({
  name: 'jobs.summaries',
  kind: 'read',
  input: z.object({ ids: z.array(JobId).max(MOST_SUMMARIES) }),
  output: z.array(JobSummary),
  run: (db, { ids }) => summariesOf(db, ids),
})

function summariesOf(db: Database, ids: readonly number[]): JobSummary[] {
  if (ids.length === 0) return []
  return db
    .all(`SELECT ${JOB_SUMMARY_COLUMNS} FROM jobs WHERE id IN (SELECT value FROM json_each($ids))`, {
      ids: JSON.stringify(ids),
    })
    .flatMap(parseRows(JobSummaryRow))
}

/**
 * Ends an attempt. Fenced: if it is not the attempt that is running now, nothing changes and
 * `applied` is false. A job that would be retried is `cancelled` if its cancellation was requested
 * in the meantime. `state` is the resulting state of the job.
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
    /** Time at which a `retrying` job is due again. */
    dueAt: Instant.optional(),
    /**
     * For `retrying`: the proxies that have failed so far. The job is then tried with another
     * proxy, which does not count as a failure of the job.
     */
    proxiesTried: z.array(ProxyId).optional(),
    /** True if no worker has reported the error. A crash report is then stored here. */
    report: z.boolean().default(false),
  }),
  output: z.object({ applied: z.boolean(), state: JobState.nullable() }),
  run(db, { id, attempt, state, result, error, dueAt, proxiesTried, report }, { now }) {
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
    if (row === undefined) {
      countLate(db, id)
      return { applied: false, state: null }
    }
    dropAttempt(db, id)
    if (state === 'succeeded') {
      dropMarks(db, id)
      resolveGroups(db, id, now)
    }
    if (state === 'failed') reopenGroups(db, id)
    const reached = JobState.parse(row['state'])
    if (report && error !== undefined && reached === state) reportFailure(db, id, error, now)
    if (jobEnded(reached)) settleDependents(db, id, reached, now)
    return { applied: true, state: reached }
  },
})

const cancelOperation = defineOperation({
  name: 'jobs.cancel',
  kind: 'write',
  input: z.object({ id: JobId }),
  output: z.object({ state: JobState }),
  run: (db, { id }, { now }) => ({ state: cancelJob(db, id, now) }),
})

export const jobOperations = {
  [enqueueOperation.name]: enqueueOperation,
  [readJobOperation.name]: readJobOperation,
  [listJobs.name]: listJobs,
  [recentJobs.name]: recentJobs,
  [changedJobs.name]: changedJobs,
  [jobSummaries.name]: jobSummaries,
  [countJobs.name]: countJobs,
  [finishJob.name]: finishJob,
  [cancelOperation.name]: cancelOperation,
  [recoverJobs.name]: recoverJobs,
}
