import { z } from 'zod'
import { AutomateError } from '../../../core/errors/errors.ts'
import { JobId } from '../../../model/job/job.ts'
import { Schedule, ScheduleName, ScheduleRun, ScheduleSpec } from '../../../model/schedule/schedule.ts'
import type { Database } from '../../engine/database.ts'
import { cancelJob } from '../jobs/cancel-job.ts'
import { defineOperation } from '../define.ts'
import { RUN_COLUMNS, listSchedules, openJobs, requireSchedule } from './schedule-row.ts'
import { parseRows } from '../parse-rows.ts'

/** Maximum number of runs in a reply. */
const RUNS_LIMIT = 1_000

const listOperation = defineOperation({
  name: 'schedules.list',
  kind: 'read',
  input: z.object({}),
  output: z.array(Schedule),
  run: db => listSchedules(db),
})

/** Returns the outcomes of due times, newest first. */
const listRuns = defineOperation({
  name: 'schedules.runs',
  kind: 'read',
  input: z.object({ limit: z.int().min(1).max(RUNS_LIMIT), schedule: ScheduleName.optional() }),
  output: z.array(ScheduleRun),
  run: (db, { limit, schedule }) =>
    db
      .all(
        `SELECT ${RUN_COLUMNS} FROM schedule_runs ${schedule === undefined ? '' : 'WHERE schedule = $schedule'} ORDER BY id DESC LIMIT $limit`,
        { limit, ...(schedule === undefined ? {} : { schedule }) },
      )
      .flatMap(parseRows(ScheduleRun)),
})

/**
 * Stores a schedule of the operator. With `replace`, replaces an existing schedule of the same
 * name.
 * @throws `usage` if the name exists already and `replace` is not set, or if the name belongs to a
 * schedule of the project's configuration.
 */
const putSchedule = defineOperation({
  name: 'schedules.put',
  kind: 'write',
  input: z.object({ schedule: ScheduleSpec, replace: z.boolean().default(false) }),
  output: Schedule,
  run(db, { schedule, replace }, { now }) {
    const [old] = listSchedules(db, schedule.name)
    if (old !== undefined) refuseDeclared(old)
    if (old !== undefined && !replace) {
      throw new AutomateError(
        'usage',
        `A schedule "${schedule.name}" already exists. Choose another name, or replace the schedule with --replace.`,
        { facts: { schedule: schedule.name } },
      )
    }
    write(db, schedule, 'operator', old, now)
    return requireSchedule(db, schedule.name)
  },
})

const Cancelled = z.object({ cancelled: z.array(JobId) })

/**
 * Removes a schedule of the operator, and cancels its jobs that have not started.
 * @throws `schedule-missing` if the schedule does not exist.
 * @throws `usage` if the schedule belongs to the project's configuration.
 */
const removeSchedule = defineOperation({
  name: 'schedules.remove',
  kind: 'write',
  input: z.object({ name: ScheduleName }),
  output: Cancelled,
  run(db, { name }, { now }) {
    refuseDeclared(requireSchedule(db, name))
    const cancelled = cancelUnbegun(db, name, now)
    db.run('DELETE FROM schedules WHERE name = $name', { name })
    return { cancelled }
  },
})

/**
 * Pauses or resumes a schedule. A due time during a pause does not count as a missed run. A pause
 * also cancels the jobs of the schedule that have not started, in the same transaction, so that
 * none of them starts afterwards.
 * @throws `schedule-missing` if the schedule does not exist.
 */
const pauseSchedule = defineOperation({
  name: 'schedules.pause',
  kind: 'write',
  input: z.object({ name: ScheduleName, paused: z.boolean() }),
  output: Cancelled,
  run(db, { name, paused }, { now }) {
    if (requireSchedule(db, name).paused === paused) return { cancelled: [] }
    db.run(
      `UPDATE schedules SET paused = $paused, revision = revision + 1,
              considered_at = CASE $paused WHEN 0 THEN max(considered_at, $now) ELSE considered_at END
       WHERE name = $name`,
      { name, paused: paused ? 1 : 0, now },
    )
    return { cancelled: paused ? cancelUnbegun(db, name, now) : [] }
  },
})

/**
 * Stores the schedules of the project's configuration. With `removeOthers`, removes the schedules
 * that the configuration no longer contains. A command does not do that, because it may run with
 * other environment variables than the project's scheduler, so that its configuration lacks some
 * schedules. `refused` contains the schedules whose name an operator has given to another schedule,
 * which is not changed.
 */
const declareSchedules = defineOperation({
  name: 'schedules.declare',
  kind: 'write',
  input: z.object({ schedules: z.array(ScheduleSpec), removeOthers: z.boolean() }),
  output: z.object({ refused: z.array(ScheduleName) }),
  run(db, { schedules, removeOthers }, { now }) {
    const known = new Map(listSchedules(db).map(schedule => [schedule.name, schedule]))
    const refused = schedules.filter(({ name }) => known.get(name)?.source === 'operator')
    for (const schedule of schedules) {
      if (!refused.includes(schedule)) write(db, schedule, 'config', known.get(schedule.name), now)
    }
    if (!removeOthers) return { refused: refused.map(({ name }) => name) }
    const declared = new Set(schedules.map(({ name }) => name))
    for (const { name, source } of known.values()) {
      if (source === 'operator' || declared.has(name)) continue
      cancelUnbegun(db, name, now)
      db.run('DELETE FROM schedules WHERE name = $name', { name })
    }
    return { refused: refused.map(({ name }) => name) }
  },
})

/**
 * Writes a schedule if it has changed. If its timing has changed, earlier due times no longer
 * count.
 */
function write(
  db: Database,
  spec: ScheduleSpec,
  source: Schedule['source'],
  old: Schedule | undefined,
  now: number,
): void {
  const columns = {
    workflow: spec.workflow,
    input: JSON.stringify(spec.input),
    workers: spec.workers,
    priority: spec.priority,
    timing: JSON.stringify(spec.timing),
    timeZone: spec.timeZone,
    activeHours: spec.activeHours === null ? null : JSON.stringify(spec.activeHours),
    jitterMs: spec.jitterMs,
    catchUpMs: spec.catchUpMs,
    overlap: spec.overlap,
  }
  if (
    old !== undefined &&
    JSON.stringify(ScheduleSpec.parse(old)) === JSON.stringify(ScheduleSpec.parse(spec))
  ) {
    return
  }
  const whens = ({ timing, timeZone, activeHours }: ScheduleSpec) =>
    JSON.stringify([Object.entries(timing).sort(), timeZone, activeHours?.from, activeHours?.to])
  const goesOn = old !== undefined && whens(old) === whens(spec)
  db.run(
    `INSERT INTO schedules (name, workflow, input, workers, priority, timing, time_zone, active_hours, jitter_ms, catch_up_ms, overlap, source, starts_at, considered_at)
     VALUES ($name, $workflow, $input, $workers, $priority, $timing, $timeZone, $activeHours, $jitterMs, $catchUpMs, $overlap, $source, $now, $now)
     ON CONFLICT (name) DO UPDATE SET
       workflow = excluded.workflow, input = excluded.input, workers = excluded.workers, priority = excluded.priority, timing = excluded.timing,
       time_zone = excluded.time_zone, active_hours = excluded.active_hours, jitter_ms = excluded.jitter_ms, catch_up_ms = excluded.catch_up_ms,
       overlap = excluded.overlap, source = excluded.source, revision = revision + 1,
       starts_at = CASE $goesOn WHEN 1 THEN starts_at ELSE excluded.starts_at END,
       considered_at = CASE $goesOn WHEN 1 THEN considered_at ELSE excluded.considered_at END`,
    { ...columns, name: spec.name, source, now, goesOn: goesOn ? 1 : 0 },
  )
}

function cancelUnbegun(db: Database, name: string, now: number): number[] {
  const unbegun = openJobs(db, name).filter(({ state }) => state === 'queued')
  for (const { id } of unbegun) cancelJob(db, id, now)
  return unbegun.map(({ id }) => id)
}

function refuseDeclared({ name, source }: Schedule): void {
  if (source === 'operator') return
  throw new AutomateError(
    'usage',
    `Schedule "${name}" is defined in the project's configuration. Change it there, or pause it here.`,
    { facts: { schedule: name } },
  )
}

export const scheduleOperations = {
  [listOperation.name]: listOperation,
  [listRuns.name]: listRuns,
  [putSchedule.name]: putSchedule,
  [removeSchedule.name]: removeSchedule,
  [pauseSchedule.name]: pauseSchedule,
  [declareSchedules.name]: declareSchedules,
}
