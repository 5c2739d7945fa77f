import { z } from 'zod'
import { AutomateError } from '../../../core/errors/errors.ts'
import { HoursOfDay } from '../../../model/schedule/time-window.ts'
import { ENDED_STATES, JobId, JobState } from '../../../model/job/job.ts'
import { JsonValue } from '../../../model/json.ts'
import { Schedule, ScheduleRun, Timing, scheduleOrigin } from '../../../model/schedule/schedule.ts'
import type { Database } from '../../engine/database.ts'
import { sqlList } from '../jobs/find-job.ts'
import { jsonText } from '../jobs/job-row.ts'
import { parseRows } from '../parse-rows.ts'

export const SCHEDULE_COLUMNS = `name, workflow, input, workers, priority, timing, time_zone AS timeZone, active_hours AS activeHours, jitter_ms AS jitterMs,
  catch_up_ms AS catchUpMs, overlap, source, paused, revision, starts_at AS startsAt, considered_at AS consideredAt`

/** A row of the table `schedules`, with its columns renamed to the fields of `Schedule`. */
export const ScheduleRow = Schedule.omit({ last: true }).extend({
  input: jsonText(JsonValue),
  timing: jsonText(Timing),
  activeHours: jsonText(HoursOfDay).nullable(),
  paused: z.int().transform(paused => paused === 1),
})

export const RUN_COLUMNS = 'id, schedule, at, due_at AS dueAt, outcome, reason, job_id AS jobId, missed'

const LastRow = ScheduleRun.extend({ jobState: JobState.nullable() })

export function listSchedules(db: Database, only?: string): Schedule[] {
  const named = only === undefined ? '' : 'WHERE name = $only'
  return db
    .all(
      `SELECT ${SCHEDULE_COLUMNS} FROM schedules ${named} ORDER BY name`,
      only === undefined ? {} : { only },
    )
    .flatMap(parseRows(ScheduleRow))
    .map(schedule => ({ ...schedule, last: lastRun(db, schedule.name) }))
}

function lastRun(db: Database, schedule: string): z.infer<typeof LastRow> | null {
  const row = db.one(
    `SELECT ${RUN_COLUMNS}, (SELECT state FROM jobs WHERE jobs.id = job_id) AS jobState
     FROM schedule_runs WHERE schedule = $schedule ORDER BY id DESC LIMIT 1`,
    { schedule },
  )
  return parseRows(LastRow)(row)[0] ?? null
}

/** @throws `schedule-missing` if the schedule does not exist. */
export function requireSchedule(db: Database, name: string): Schedule {
  const [schedule] = listSchedules(db, name)
  if (schedule !== undefined) return schedule
  throw new AutomateError(
    'schedule-missing',
    `There is no schedule "${name}". "automate-tui schedules" lists the schedules.`,
    { facts: { schedule: name } },
  )
}

const OpenJob = z.object({ id: JobId, state: JobState })
export type OpenJob = z.infer<typeof OpenJob>

/**
 * Returns the jobs of a schedule that have not ended, oldest first. Parked jobs are left out,
 * because they may wait for a person forever.
 */
export function openJobs(db: Database, name: string): OpenJob[] {
  const begin = `${scheduleOrigin(name)}:`
  return db
    .all(
      `SELECT id, state FROM jobs
       WHERE unique_key IS NOT NULL AND state NOT IN (${sqlList(ENDED_STATES)}) AND unique_key >= $begin AND unique_key < $end ORDER BY id`,
      // The range ends at ";", because that is the character after ":".
      { begin, end: `${scheduleOrigin(name)};` },
    )
    .map(row => OpenJob.parse(row))
    .filter(({ state }) => state !== 'parked')
}
