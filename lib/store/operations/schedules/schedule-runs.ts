import { z } from 'zod'
import { JobRequest, MAX_DEPENDENCIES } from '../../../model/job/job.ts'
import { Instant } from '../../../model/json.ts'
import { startedOver } from '../../../model/job/run-times.ts'
import { ScheduleName, ScheduleRun, scheduleOrigin } from '../../../model/schedule/schedule.ts'
import type { Schedule } from '../../../model/schedule/schedule.ts'
import type { Database } from '../../engine/database.ts'
import { cancelJob } from '../jobs/cancel-job.ts'
import { defineOperation } from '../define.ts'
import { enqueueJob } from '../jobs/enqueue-job.ts'
import { RUN_COLUMNS, listSchedules, openJobs, requireSchedule } from './schedule-row.ts'
import type { OpenJob } from './schedule-row.ts'

/** Number of runs that are retained for each schedule. */
const RUNS_KEPT = 100

/** Fields of a schedule's job that its workflow determines. */
const FromWorkflow = z.object({
  workers: JobRequest.shape.workers,
  retries: JobRequest.shape.retries,
  domains: JobRequest.shape.domains,
})
type FromWorkflow = z.output<typeof FromWorkflow>

/**
 * Applies the decision about a due time: queues the schedule's job, as its overlap rule allows, or
 * records that the run was missed. Marks the due time as handled in the same transaction. Returns
 * null and changes nothing if the schedule was changed or paused since the decision, or if the due
 * time was handled already.
 */
const settleDueTime = defineOperation({
  name: 'schedules.settle',
  kind: 'write',
  input: z.object({
    name: ScheduleName,
    revision: z.int(),
    consideredAt: Instant,
    dueAt: Instant,
    missed: ScheduleRun.shape.missed,
    verdict: z.union([
      /** Null if the workflow cannot be loaded now. */
      z.object({ run: FromWorkflow.nullable() }),
      z.object({ miss: z.enum(['late', 'inactive']) }),
    ]),
  }),
  output: ScheduleRun.nullable(),
  run(db, { name, revision, consideredAt, dueAt, missed, verdict }, { now }) {
    const [schedule] = listSchedules(db, name)
    if (schedule?.revision !== revision || schedule.consideredAt !== consideredAt || schedule.paused) {
      return null
    }
    db.run('UPDATE schedules SET considered_at = $dueAt WHERE name = $name', { name, dueAt })
    const about = { schedule: name, at: now, dueAt, missed }
    if ('miss' in verdict) return note(db, { ...about, outcome: 'missed', reason: verdict.miss, jobId: null })
    return note(db, { ...about, ...fire(db, schedule, verdict.run, keyOf(db, schedule, dueAt), now) })
  },
})

/**
 * Restarts the due times of a schedule after the clock was set back. Does nothing if the schedule
 * has changed since the decision.
 */
const startOver = defineOperation({
  name: 'schedules.startOver',
  kind: 'write',
  input: z.object({ name: ScheduleName, revision: z.int(), consideredAt: Instant }),
  output: z.object({ done: z.boolean() }),
  run(db, { name, revision, consideredAt }, { now }) {
    const [schedule] = listSchedules(db, name)
    if (schedule?.revision !== revision || schedule.consideredAt !== consideredAt) return { done: false }
    const from = startedOver(schedule, now)
    db.run(
      'UPDATE schedules SET starts_at = $startsAt, considered_at = $consideredAt, revision = revision + 1 WHERE name = $name',
      { name, ...from },
    )
    return { done: true }
  },
})

/**
 * Queues the schedule's job because a person asked for it, even if the schedule is paused. The job
 * waits until a running job of the schedule has ended.
 * @throws `schedule-missing` if the schedule does not exist.
 */
const runNow = defineOperation({
  name: 'schedules.run',
  kind: 'write',
  input: z.object({ name: ScheduleName, from: FromWorkflow }),
  output: ScheduleRun,
  run(db, { name, from }, context) {
    const { now } = context
    const schedule = requireSchedule(db, name)
    const overlap = schedule.overlap === 'skip' ? ('queue' as const) : schedule.overlap
    const outcome = fire(db, { ...schedule, overlap }, from, `now-${context.newId()}`, now)
    return note(db, { schedule: name, at: now, dueAt: null, missed: 0, ...outcome })
  },
})

/**
 * Returns the unique key of the job for a due time. If the same due time occurs again after the
 * clock was set back, the key is a different one.
 */
function keyOf(db: Database, { name, revision }: Schedule, dueAt: number): string {
  const uniqueKey = `${scheduleOrigin(name)}:${dueAt}`
  const isTaken = db.all('SELECT id FROM jobs WHERE unique_key = $uniqueKey', { uniqueKey }).length > 0
  return isTaken ? `${dueAt}-${revision}` : String(dueAt)
}

type Outcome = Pick<ScheduleRun, 'outcome' | 'reason' | 'jobId'>

/**
 * Returns the fields of a schedule's job that its workflow determines, or marks them as not yet
 * determined.
 */
function partOf({ workers }: Schedule, from: FromWorkflow | null): Partial<JobRequest> {
  if (from !== null) return { ...from, workers: workers ?? from.workers }
  const unresolved = ['retries' as const, 'domains' as const]
  if (workers !== null) return { workers, retries: 0, unresolved }
  return { workers: 1, retries: 0, unresolved: ['workers', ...unresolved] }
}

function fire(
  db: Database,
  schedule: Schedule,
  from: FromWorkflow | null,
  key: string,
  now: number,
): Outcome {
  const open = openJobs(db, schedule.name)
  const inTheWay = stands(schedule.overlap, open)
  if (inTheWay !== null) return { outcome: 'skipped', ...inTheWay }
  // There may be hundreds of open jobs if a person has queued the failed jobs of the schedule
  // again.
  const before = schedule.overlap === 'replace' ? cancelAll(db, open, now) : open
  const { id } = enqueueJob(
    db,
    JobRequest.parse({
      workflow: schedule.workflow,
      input: schedule.input,
      priority: schedule.priority,
      ...partOf(schedule, from),
      origin: scheduleOrigin(schedule.name),
      uniqueKey: `${scheduleOrigin(schedule.name)}:${key}`,
      ...(before.length === 0
        ? {}
        : { after: before.slice(-MAX_DEPENDENCIES).map(one => one.id), afterFailure: 'run' }),
    }),
    now,
  )
  return { outcome: 'fired', reason: null, jobId: id }
}

/** Cancels jobs, and returns those that are still running. */
function cancelAll(db: Database, jobs: readonly OpenJob[], now: number): OpenJob[] {
  return jobs.filter(({ id }) => cancelJob(db, id, now) === 'running')
}

/**
 * Returns the reason why a run is skipped, and the open job that causes it; null if the run takes
 * place.
 */
function stands(
  overlap: Schedule['overlap'],
  open: readonly OpenJob[],
): Pick<ScheduleRun, 'reason' | 'jobId'> | null {
  const waiting = open.find(({ state }) => state === 'queued')
  if (overlap === 'queue' && waiting !== undefined) return { reason: 'waiting', jobId: waiting.id }
  const [first] = open
  if (overlap !== 'skip' || first === undefined) return null
  return { reason: first.state === 'queued' ? 'waiting' : 'running', jobId: first.id }
}

function note(db: Database, run: Omit<ScheduleRun, 'id'>): ScheduleRun {
  const row = db.one(
    `INSERT INTO schedule_runs (schedule, at, due_at, outcome, reason, job_id, missed)
     VALUES ($schedule, $at, $dueAt, $outcome, $reason, $jobId, $missed) RETURNING ${RUN_COLUMNS}`,
    run,
  )
  db.run(
    `DELETE FROM schedule_runs WHERE schedule = $schedule AND id <=
       (SELECT id FROM schedule_runs WHERE schedule = $schedule ORDER BY id DESC LIMIT 1 OFFSET ${RUNS_KEPT})`,
    { schedule: run.schedule },
  )
  return ScheduleRun.parse(row)
}

export const scheduleRunOperations = {
  [settleDueTime.name]: settleDueTime,
  [startOver.name]: startOver,
  [runNow.name]: runNow,
}
