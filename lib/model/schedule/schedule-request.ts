import { z } from 'zod'
import { durationMs, isDuration } from '../../core/time/duration.ts'
import { messageOf } from '../../core/errors/errors.ts'
import { dueTimes } from './due-times.ts'
import { hoursText } from './time-window.ts'
import { Job } from '../job/job.ts'
import { JsonValue } from '../json.ts'
import { OVERLAPS, ScheduleName } from './schedule.ts'
import type { ScheduleSpec } from './schedule.ts'
import { MAX_WORKERS_A_JOB, WorkflowName } from '../job/workflow.ts'

/**
 * Shortest interval of a schedule, in milliseconds. A continuous workflow is the way to repeat jobs
 * faster.
 */
const SHORTEST_MS = 1_000

/** Longest interval of a schedule, so that the dates of thousands of its runs exist. */
const LONGEST_MS = 3_650 * 86_400_000

/**
 * Default time for which a missed run is still caught up on. A server that restarts, or a machine
 * that sleeps over noon, still starts the runs of that hour.
 */
const CATCH_UP = '1h'

const DURATION = 'must be a duration such as "15m"'
const duration = z.union([z.number(), z.string()], DURATION).refine(isDuration, DURATION)
/** Schema of a duration, or of 0 for none. */
const span = z
  .union([z.number(), z.string()], `${DURATION}, or 0`)
  .refine(said => isNone(said) || isDuration(said), `${DURATION}, or 0`)
const isNone = (said: number | string) => said === 0 || said === '0'

/**
 * Problem of a schedule that depends on more than the value of one field. Stored in `params` of the
 * issue.
 */
export const ScheduleProblem = z.object({
  problem: z.enum(['timing', 'sameHours', 'never', 'neverWithinHours']),
})
type ScheduleProblem = z.infer<typeof ScheduleProblem>['problem']

/** Schedule as a person writes it on the command line, in automate.config.ts, or in a form. */
const Said = z.strictObject({
  name: ScheduleName,
  workflow: WorkflowName,
  cron: z.string('must be a cron expression such as "0 3 * * *"').optional(),
  every: duration.optional(),
  timeZone: z.string('must be a time zone such as "Europe/Rome"').optional(),
  activeHours: hoursText('must be hours such as "08:00-20:00"').optional(),
  jitter: span.default(0),
  catchUp: span.default(CATCH_UP),
  overlap: z.enum(OVERLAPS, `must be one of ${OVERLAPS.join(', ')}`).default('skip'),
  input: JsonValue.default({}),
  workers: z
    .int(`must be 1 to ${MAX_WORKERS_A_JOB}`)
    .min(1, `must be 1 to ${MAX_WORKERS_A_JOB}`)
    .max(MAX_WORKERS_A_JOB, `must be 1 to ${MAX_WORKERS_A_JOB}`)
    .optional(),
  priority: Job.shape.priority.default(0),
})

/**
 * Schema that converts a schedule as a person writes it to a `ScheduleSpec`. An issue names the
 * invalid field.
 */
export const ScheduleRequest = Said.transform((said, context): ScheduleSpec => {
  const refuse = (field: keyof typeof said, message: string, problem?: ScheduleProblem) => {
    const params = problem === undefined ? {} : { params: { problem } }
    context.addIssue({ code: 'custom', path: [field], message, ...params })
    return z.NEVER
  }
  const { cron, every, timeZone = null, activeHours = null } = said
  if ((cron === undefined) === (every === undefined)) {
    return refuse('cron', 'must be set, or "every", but not both', 'timing')
  }
  if (timeZone !== null && !isTimeZone(timeZone)) {
    return refuse(
      'timeZone',
      `is not a known time zone: "${timeZone}". Use a name such as "Europe/Rome" or "UTC"`,
    )
  }
  if (activeHours?.from === activeHours?.to && activeHours !== null) {
    return refuse('activeHours', 'must not start and end at the same time', 'sameHours')
  }
  const everyMs = every === undefined ? 0 : durationMs(every)
  const isEvery = everyMs >= SHORTEST_MS && everyMs <= LONGEST_MS && Number.isInteger(everyMs)
  if (every !== undefined && !isEvery) {
    return refuse('every', 'must be 1s to 3650d')
  }
  if (cron !== undefined && !hasCronFields(cron)) {
    return refuse('cron', 'must have five fields such as "0 3 * * *", or six if the first is the second')
  }
  const spec: ScheduleSpec = {
    name: said.name,
    workflow: said.workflow,
    input: said.input,
    workers: said.workers ?? null,
    priority: said.priority,
    timing: cron === undefined ? { kind: 'every', ms: everyMs } : { kind: 'cron', expression: cron.trim() },
    timeZone,
    activeHours,
    jitterMs: spanMs(said.jitter),
    catchUpMs: spanMs(said.catchUp),
    overlap: said.overlap,
  }
  const field = cron === undefined ? 'every' : 'cron'
  try {
    if (dueTimes({ ...spec, startsAt: 0 }).next(Date.UTC(2026, 0)) === null) {
      return activeHours === null
        ? refuse(field, 'never matches a time', 'never')
        : refuse(field, 'never matches a time within the active hours', 'neverWithinHours')
    }
  } catch (error) {
    return refuse(field, `is not valid: ${messageOf(error).replaceAll(/^CronPattern: |\.$/g, '')}`)
  }
  return spec
})
export type ScheduleRequest = z.input<typeof ScheduleRequest>

const spanMs = (said: number | string) => (isNone(said) ? 0 : Math.round(durationMs(said)))

/** True if the expression has five or six fields, or is a name such as `@hourly`. */
const hasCronFields = (expression: string): boolean => /^(?:@\S+|\S+(?:\s+\S+){4,5})$/.test(expression.trim())

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
