import { z } from 'zod'
import { HoursOfDay } from './time-window.ts'
import { Instant, JsonValue } from '../json.ts'
import { Job, JobId, JobState } from '../job/job.ts'
import { WorkflowName } from '../job/workflow.ts'

export const ScheduleName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,59}$/, 'must be lower case letters, digits and "-", at most 60')

/** When it is due: by a cron expression, or so long after its last due time. */
export const Timing = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('cron'), expression: z.string().min(1) }),
  z.object({ kind: z.literal('every'), ms: z.int().positive() }),
])
export type Timing = z.infer<typeof Timing>

/**
 * What happens when it is due while its last job has not ended: the new run is left out, waits behind it (one at most), or takes its place. Its jobs never run
 * side by side.
 */
export const OVERLAPS = ['skip', 'queue', 'replace'] as const

/** Jobs that are queued again and again: which, when, and what happens when that is not possible. */
export const ScheduleSpec = z.object({
  name: ScheduleName,
  workflow: WorkflowName,
  input: JsonValue,
  /** Null for as many as the workflow says. */
  workers: Job.shape.workers.nullable(),
  priority: Job.shape.priority,
  timing: Timing,
  /** An IANA name, such as `Europe/Rome`; null for the machine's. */
  timeZone: z.string().nullable(),
  /** It is due only within these hours; null for all day. */
  activeHours: HoursOfDay.nullable(),
  /** Each run begins up to so much later than it is due, so that not everything begins at once. */
  jitterMs: z.int().nonnegative(),
  /** A run that could not begin in time begins up to so much later: of several the last one, once. */
  catchUpMs: z.int().nonnegative(),
  overlap: z.enum(OVERLAPS),
})
export type ScheduleSpec = z.infer<typeof ScheduleSpec>

/** What became of one due time, or of "run now". */
export const ScheduleRun = z.object({
  id: z.int().positive(),
  schedule: ScheduleName,
  at: Instant,
  /** Null when a person asked for it. */
  dueAt: Instant.nullable(),
  outcome: z.enum(['fired', 'skipped', 'missed']),
  /**
   * Skipped since its last job was `running`, or one was `waiting` already; missed since it was too `late`, or since nothing is caught up on outside of its active hours (`inactive`).
   */
  reason: z.enum(['running', 'waiting', 'late', 'inactive']).nullable(),
  /** The job that was queued; of one that was skipped, the job that stood in the way. */
  jobId: JobId.nullable(),
  /** How many due times before this one had passed without a run; counted up to `MAX_COUNTED`. */
  missed: z.int().nonnegative(),
})
export type ScheduleRun = z.infer<typeof ScheduleRun>

/** Nobody needs to know more exactly how often it was missed. */
export const MAX_COUNTED = 1_000

/** A schedule as the store keeps it. */
export const Schedule = ScheduleSpec.extend({
  /** Who made it: an operator, or the project's configuration, which alone changes it then. */
  source: z.enum(['operator', 'config']),
  paused: z.boolean(),
  /** Rises with every change of it: what was decided on an older one is not done. */
  revision: z.int().nonnegative(),
  /** Intervals are counted from here. */
  startsAt: Instant,
  /** All due times up to this one are done with. */
  consideredAt: Instant,
  last: ScheduleRun.extend({ jobState: JobState.nullable() }).nullable(),
})
export type Schedule = z.infer<typeof Schedule>

/** How the jobs of a schedule are called in `origin`, and how their unique keys begin. */
export function scheduleOrigin(name: string): string {
  return `schedule:${name}`
}
