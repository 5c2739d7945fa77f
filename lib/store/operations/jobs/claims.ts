import { z } from 'zod'
import {
  ClaimedJob,
  ClaimScope,
  PRIORITY_STEP_MS,
  JobId,
  JobRequest,
  JobSummary,
  isUnresolved,
} from '../../../model/job/job.ts'
import { ErrorRecord } from '../../../model/failure/error-record.ts'
import { Domain, WorkflowDomains, domainInInput } from '../../../model/job/domains.ts'
import { Instant } from '../../../model/json.ts'
import { ProxyWaitReason } from '../../../model/proxy/proxy.ts'
import { SwarmRules, WorkflowDescription } from '../../../model/job/workflow.ts'
import type { Database } from '../../engine/database.ts'
import type { Row } from '../../engine/sql-value.ts'
import { ACCOUNT_FREE } from '../logins/account-lease.ts'
import { dropAttempt } from '../coordination/attempt-cleanup.ts'
import { defineOperation } from '../define.ts'
import { failReported } from '../notify/failure-report.ts'
import { CLAIMABLE, readJob } from './find-job.ts'
import { JOB_COLUMNS, JOB_SUMMARY_COLUMNS, JobRow, JobSummaryRow, NEXT_SEQ, jsonText } from './job-row.ts'
import { parseRows } from '../parse-rows.ts'
import { SCHEDULE_FREE } from '../schedules/schedule-turn.ts'

/** Maximum number of jobs in a reply. */
const LIST_LIMIT = 1_000

/** SQL condition for rows of `jobs` that may be claimed at all. */
const WAITS = `state IN (${CLAIMABLE}) AND open_dependencies = 0`

/**
 * SQL condition for waiting rows of `jobs`: no running job has the same account or is of the same
 * schedule.
 */
const TURN_FREE = `${ACCOUNT_FREE} AND ${SCHEDULE_FREE}`

const ORDER = `due_at - priority * ${PRIORITY_STEP_MS}, id`

/**
 * Maximum number of rows that are returned from all lanes together. That is enough to find a job
 * that may start, whatever limits apply to the others.
 */
const MOST_OF_LANES = 200

const LaneName = z.string()

const WHOLE_QUEUE: ClaimScope = { from: 1, also: [] }

const IN_SCOPE = '(id >= $from OR id IN (SELECT value FROM json_each($also)))'

interface Asked extends Row {
  readonly limit: number
  readonly now: number
  readonly from: number
  readonly also: string
}

/**
 * Returns the jobs that may be claimed now, and the next one that will be due, in the order of
 * their claims. The order is by due time, minus the head start of the job's priority, and then by
 * age. Leaves out a job whose account another job uses, a job whose schedule has a running job, and
 * a job that waits for other jobs to end. With `lanes`, returns only jobs of these lanes, up to
 * `limit` from each; only the first LIST_LIMIT lanes count. With a `scope`, returns only the jobs
 * in it.
 */
const claimableJobs = defineOperation({
  name: 'jobs.claimable',
  kind: 'read',
  input: z.object({
    limit: z.int().min(1).max(LIST_LIMIT),
    lanes: z.array(LaneName).optional(),
    scope: ClaimScope.default(WHOLE_QUEUE),
  }),
  output: z.array(JobSummary),
  run(db, { limit, lanes, scope: { from, also } }, { now }) {
    const scope = { from, also: JSON.stringify(also) }
    // Without INDEXED BY, SQLite would read and sort the whole queue.
    const later = `SELECT ${JOB_SUMMARY_COLUMNS} FROM jobs INDEXED BY jobs_by_due WHERE ${WAITS} AND ${IN_SCOPE} AND due_at > $now
                   ORDER BY due_at, id LIMIT 1`
    const asked = { limit, now, ...scope }
    const due = lanes === undefined ? dueJobs(db, asked) : dueOfLanes(db, asked, lanes)
    return [...due, ...db.all(later, { now, ...scope })].flatMap(parseRows(JobSummaryRow))
  },
})

function dueJobs(db: Database, asked: Asked): Row[] {
  return db.all(
    `SELECT ${JOB_SUMMARY_COLUMNS} FROM jobs INDEXED BY jobs_claimable WHERE ${WAITS} AND ${IN_SCOPE} AND due_at <= $now AND ${TURN_FREE}
     ORDER BY ${ORDER} LIMIT $limit`,
    asked,
  )
}

const Place = z.object({ goesAt: z.int(), id: JobId })

function dueOfLanes(db: Database, asked: Asked, lanes: readonly string[]): Row[] {
  return lanes
    .slice(0, LIST_LIMIT)
    .flatMap(lane =>
      db.all(
        `SELECT ${JOB_SUMMARY_COLUMNS}, due_at - priority * ${PRIORITY_STEP_MS} AS goesAt FROM jobs INDEXED BY jobs_by_lane
         WHERE ${WAITS} AND lane = $lane AND ${IN_SCOPE} AND due_at <= $now AND ${TURN_FREE} ORDER BY ${ORDER} LIMIT $limit`,
        { lane, ...asked },
      ),
    )
    .map(row => ({ row, place: Place.parse(row) }))
    .sort((a, b) => a.place.goesAt - b.place.goesAt || a.place.id - b.place.id)
    .slice(0, MOST_OF_LANES)
    .map(({ row }) => row)
}

const Lane = z.object({ lane: LaneName, workflow: z.string(), domains: jsonText(z.array(Domain)) })

/**
 * Returns the lanes of the waiting jobs, in the order in which their first jobs start. Returns at
 * most LIST_LIMIT lanes of each workflow, so that a workflow with a lane for every job does not
 * hide the others. Finds the lanes through the index, without reading all of their jobs.
 */
const queuedLanes = defineOperation({
  name: 'jobs.lanes',
  kind: 'read',
  input: z.object({}),
  output: z.array(Lane.extend({ domains: z.array(Domain) })),
  run: db =>
    db
      .all(
        `WITH RECURSIVE found(lane) AS (
           SELECT min(lane) FROM jobs INDEXED BY jobs_by_lane WHERE ${WAITS}
           UNION ALL
           SELECT (SELECT min(lane) FROM jobs INDEXED BY jobs_by_lane WHERE ${WAITS} AND lane > found.lane)
           FROM found WHERE found.lane IS NOT NULL),
         placed AS (
           SELECT lane, (SELECT due_at - priority * ${PRIORITY_STEP_MS} FROM jobs INDEXED BY jobs_by_lane
                         WHERE ${WAITS} AND lane = found.lane ORDER BY ${ORDER} LIMIT 1) AS goes_at
           FROM found WHERE lane IS NOT NULL),
         numbered AS (
           SELECT lane, goes_at, row_number() OVER (PARTITION BY substr(lane, 1, instr(lane, ' ')) ORDER BY goes_at, lane) AS nth
           FROM placed)
         SELECT lane FROM numbered WHERE nth <= ${LIST_LIMIT} ORDER BY goes_at, lane`,
      )
      .flatMap(row => {
        const lane = LaneName.parse(row['lane'])
        const space = lane.indexOf(' ')
        return parseRows(Lane)({ lane, workflow: lane.slice(0, space), domains: lane.slice(space + 1) })
      }),
})

/**
 * Claims a job for a new attempt, in one statement. Returns null if the job can no longer be
 * claimed, its account is in use, or a job of its schedule is running.
 */
const claimJob = defineOperation({
  name: 'jobs.claim',
  kind: 'write',
  input: z.object({
    id: JobId,
    /** Quorum of the workflow, which is needed to settle the attempt. Absent if unknown. */
    quorum: SwarmRules.shape.quorum.optional(),
  }),
  output: ClaimedJob.nullable(),
  run(db, { id, quorum = null }, { now }) {
    const before = readJob(db, id)
    const row = db.one(
      `UPDATE jobs SET state = 'running', attempt = attempt + 1, started_at = coalesce(started_at, $now), attempt_started_at = $now, ended_at = NULL,
              cancel_requested_at = NULL, error = NULL, wait_reason = NULL, quorum = $quorum, seq = ${NEXT_SEQ}
       WHERE id = $id AND ${WAITS} AND due_at <= $now AND ${TURN_FREE}
       RETURNING ${JOB_COLUMNS}`,
      { id, now, quorum },
    )
    if (row === undefined) return null
    dropAttempt(db, id)
    return { ...JobRow.parse(row), failedWith: before?.error ?? null }
  },
})

const Quorum = z.object({ quorum: SwarmRules.shape.quorum.nullable().catch(null) })

/** Returns how many workers of a job's last attempt must succeed; null if unknown. */
const readQuorum = defineOperation({
  name: 'jobs.quorum',
  kind: 'read',
  input: z.object({ id: JobId }),
  output: Quorum,
  run: (db, { id }) =>
    Quorum.parse(db.one('SELECT quorum FROM jobs WHERE id = $id', { id }) ?? { quorum: null }),
})

/** Sets the fields of a waiting job that its workflow determines and that have not been set yet. */
const resolveJob = defineOperation({
  name: 'jobs.resolve',
  kind: 'write',
  input: z.object({
    id: JobId,
    workers: JobRequest.shape.workers,
    retries: JobRequest.shape.retries,
    domains: WorkflowDomains.optional(),
    inputSchema: WorkflowDescription.shape.inputSchema,
  }),
  output: z.object({}),
  run(db, { id, workers, retries, ...workflow }) {
    const job = readJob(db, id)
    if (job === null || !isUnresolved(job)) return {}
    const visited = isUnresolved(job, 'domains') ? domainInInput(workflow, job.input) : job.domains
    db.run(
      `UPDATE jobs SET workers = $workers, retries = $retries, domains = $domains, unresolved = NULL, seq = ${NEXT_SEQ}
       WHERE id = $id AND state IN (${CLAIMABLE})`,
      {
        id,
        workers: isUnresolved(job, 'workers') ? workers : job.workers,
        retries: isUnresolved(job, 'retries') ? retries : job.retries,
        domains: JSON.stringify(visited),
      },
    )
    return {}
  },
})

/** Defers a job that could not start, and records the reason. The job is due again at `until`. */
const deferJob = defineOperation({
  name: 'jobs.defer',
  kind: 'write',
  input: z.object({
    id: JobId,
    until: Instant,
    reason: ProxyWaitReason,
  }),
  output: z.object({}),
  run(db, { id, until, reason }) {
    db.run(
      `UPDATE jobs SET due_at = $until, wait_reason = $reason, seq = ${NEXT_SEQ} WHERE id = $id AND state IN (${CLAIMABLE})`,
      { id, until, reason: JSON.stringify(reason) },
    )
    return {}
  },
})

/**
 * Makes the jobs that wait for the list of proxies due now, at most LIST_LIMIT of them. The others
 * become due within seconds anyway.
 */
const releaseJobs = defineOperation({
  name: 'jobs.release',
  kind: 'write',
  input: z.object({}),
  output: z.object({}),
  run(db, _input, { now }) {
    const waiting = db.all(
      `SELECT id FROM jobs INDEXED BY jobs_by_due
       WHERE ${WAITS} AND due_at > $now AND json_valid(wait_reason) AND json_extract(wait_reason, '$.why') IN ('reading', 'unread')
       ORDER BY due_at, id LIMIT ${LIST_LIMIT}`,
      { now },
    )
    // The rows are updated one by one, because each needs its own `seq`.
    for (const row of waiting)
      db.run(`UPDATE jobs SET due_at = $now, wait_reason = NULL, seq = ${NEXT_SEQ} WHERE id = $id`, {
        now,
        id: JobId.parse(row['id']),
      })
    return {}
  },
})

/**
 * Fails a job after a failed claim. The job either has an unreadable row (`unreadable`), or its
 * claim succeeded but the reply was lost, so that no worker runs it. Does not change any other job.
 */
const failUnclaimed = defineOperation({
  name: 'jobs.failUnclaimed',
  kind: 'write',
  input: z.object({ id: JobId, error: ErrorRecord, unreadable: z.boolean() }),
  output: z.object({ failed: z.boolean() }),
  run(db, { id, error, unreadable }, { now }) {
    const states = unreadable ? `'running', ${CLAIMABLE}` : `'running'`
    return { failed: failReported(db, id, states, error, now) }
  },
})

export const claimOperations = {
  [failUnclaimed.name]: failUnclaimed,
  [claimableJobs.name]: claimableJobs,
  [queuedLanes.name]: queuedLanes,
  [claimJob.name]: claimJob,
  [readQuorum.name]: readQuorum,
  [deferJob.name]: deferJob,
  [releaseJobs.name]: releaseJobs,
  [resolveJob.name]: resolveJob,
}
