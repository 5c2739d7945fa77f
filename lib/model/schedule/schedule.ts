import { z } from 'zod'
import { HoursOfDay } from './time-window.ts'
import { Instant, JsonValue } from '../json.ts'
import { Job, JobId, JobState } from '../job/job.ts'
import { WorkflowName } from '../job/workflow.ts'

export const ScheduleName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,59}$/, 'must have at most 60 characters: lower-case letters, digits and "-"')

/** Due times: by a cron expression, or at a fixed interval after the last due time. */
export const Timing = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('cron'), expression: z.string().min(1) }),
  z.object({ kind: z.literal('every'), ms: z.int().positive() }),
])
export type Timing = z.infer<typeof Timing>

/**
 * Handling of a due time while the last job has not ended: the new run is skipped, waits for the
 * last job (one at most), or replaces the last job. Jobs of a schedule never overlap.
 */
export const OVERLAPS = ['skip', 'queue', 'replace'] as const

/**
 * Jobs that are queued repeatedly: their workflow, their times, and the handling of missed runs.
 */
export const ScheduleSpec = z.object({
  name: ScheduleName,
  workflow: WorkflowName,
  input: JsonValue,
  /** Number of workers; null for the workflow's own. */
  workers: Job.shape.workers.nullable(),
  priority: Job.shape.priority,
  timing: Timing,
  /** An IANA name, such as `Europe/Rome`; null for the machine's. */
  timeZone: z.string().nullable(),
  /** Hours within which the schedule is due; null for all day. */
  activeHours: HoursOfDay.nullable(),
  /** Longest random delay of a run after its due time, so that not everything begins at once. */
  jitterMs: z.int().nonnegative(),
  /** Longest catch-up delay of a missed run. Of several missed runs only the last one runs. */
  catchUpMs: z.int().nonnegative(),
  overlap: z.enum(OVERLAPS),
})
export type ScheduleSpec = z.infer<typeof ScheduleSpec>

/** Result of one due time, or of "run now". */
export const ScheduleRun = z.object({
  id: z.int().positive(),
  schedule: ScheduleName,
  at: Instant,
  /** Null for a run that a person requested. */
  dueAt: Instant.nullable(),
  outcome: z.enum(['fired', 'skipped', 'missed']),
  /**
   * Skipped because its last job was `running` or another job was `waiting`; missed because the run
   * was too `late`, or because nothing is caught up on outside the active hours (`inactive`).
   */
  reason: z.enum(['running', 'waiting', 'late', 'inactive']).nullable(),
  /** The queued job; for a skipped run, the job that blocked it. */
  jobId: JobId.nullable(),
  /** Number of earlier due times without a run, counted up to `MAX_COUNTED`. */
  missed: z.int().nonnegative(),
})
export type ScheduleRun = z.infer<typeof ScheduleRun>

/** Limit of the count of missed runs. A more exact count is useless. */
export const MAX_COUNTED = 1_000

/** A stored schedule. */
export const Schedule = ScheduleSpec.extend({
  /**
   * Its maker: an operator, or the project's configuration. Only the configuration changes its own
   * schedules.
   */
  source: z.enum(['operator', 'config']),
  paused: z.boolean(),
  /** Counter of changes. A decision on an older revision is not carried out. */
  revision: z.int().nonnegative(),
  /** Start of the intervals. */
  startsAt: Instant,
  /** All due times up to this instant are considered. */
  consideredAt: Instant,
  last: ScheduleRun.extend({ jobState: JobState.nullable() }).nullable(),
})
export type Schedule = z.infer<typeof Schedule>

/** Returns the `origin` of a schedule's jobs, which is also the start of their unique keys. */
export function scheduleOrigin(name: string): string {
  return `schedule:${name}`
}
