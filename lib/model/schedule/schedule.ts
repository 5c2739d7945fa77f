import { z } from 'zod'
import { HoursOfDay } from './time-window.ts'
import { Instant, JsonValue } from '../json.ts'
import { Job, JobId, JobState } from '../job/job.ts'
import { WorkflowName } from '../job/workflow.ts'

export const ScheduleName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,59}$/, 'must have at most 60 characters: lower-case letters, digits and "-"')

/**
 * Due times of a schedule: by a cron expression, or at a fixed interval after the last due time.
 */
export const Timing = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('cron'), expression: z.string().min(1) }),
  z.object({ kind: z.literal('every'), ms: z.int().positive() }),
])
export type Timing = z.infer<typeof Timing>

/**
 * Reaction to a due time at which the schedule's last job has not ended: the new run is skipped
 * (`skip`), it waits for the last job, one run at most (`queue`), or it replaces the last job
 * (`replace`). Jobs of a schedule never overlap.
 */
export const OVERLAPS = ['skip', 'queue', 'replace'] as const

/**
 * Description of jobs that are queued repeatedly: their workflow, their times, and the handling of
 * missed runs.
 */
export const ScheduleSpec = z.object({
  name: ScheduleName,
  workflow: WorkflowName,
  input: JsonValue,
  /** Number of workers of each job; null for the workflow's number. */
  workers: Job.shape.workers.nullable(),
  priority: Job.shape.priority,
  timing: Timing,
  /** IANA name of the time zone, such as `Europe/Rome`; null for the machine's time zone. */
  timeZone: z.string().nullable(),
  /** Hours within which the schedule is due; null for all day. */
  activeHours: HoursOfDay.nullable(),
  /**
   * Longest random delay of a run after its due time, so that not all schedules start their runs at
   * the same time.
   */
  jitterMs: z.int().nonnegative(),
  /**
   * Longest time after its due time at which a missed run still starts. Of several missed runs only
   * the last one starts.
   */
  catchUpMs: z.int().nonnegative(),
  overlap: z.enum(OVERLAPS),
})
export type ScheduleSpec = z.infer<typeof ScheduleSpec>

/** Result of one due time, or of a run that a person requested. */
export const ScheduleRun = z.object({
  id: z.int().positive(),
  schedule: ScheduleName,
  at: Instant,
  /** Null for a run that a person requested. */
  dueAt: Instant.nullable(),
  outcome: z.enum(['fired', 'skipped', 'missed']),
  /**
   * Reason for a skipped run: the last job was still `running`, or another job was already
   * `waiting`. Reason for a missed run: the run was too `late`, or the time was outside the active
   * hours (`inactive`), in which nothing is caught up on.
   */
  reason: z.enum(['running', 'waiting', 'late', 'inactive']).nullable(),
  /** Id of the job that was queued; for a skipped run, id of the job that prevented the run. */
  jobId: JobId.nullable(),
  /** Number of earlier due times for which no run started, counted up to `MAX_COUNTED`. */
  missed: z.int().nonnegative(),
})
export type ScheduleRun = z.infer<typeof ScheduleRun>

/** Highest count of missed runs. A more exact count would be of no use. */
export const MAX_COUNTED = 1_000

/** A stored schedule. */
export const Schedule = ScheduleSpec.extend({
  /**
   * Creator of the schedule: an operator, or the project's configuration. A schedule of the
   * configuration is changed only by the configuration.
   */
  source: z.enum(['operator', 'config']),
  paused: z.boolean(),
  /**
   * Number of changes to the schedule. A decision that was made on an older revision is not carried
   * out.
   */
  revision: z.int().nonnegative(),
  /** Instant from which the intervals are counted. */
  startsAt: Instant,
  /** All due times up to this instant have been decided on. */
  consideredAt: Instant,
  last: ScheduleRun.extend({ jobState: JobState.nullable() }).nullable(),
})
export type Schedule = z.infer<typeof Schedule>

/** Returns the `origin` of a schedule's jobs, which is also the start of their unique keys. */
export function scheduleOrigin(name: string): string {
  return `schedule:${name}`
}
