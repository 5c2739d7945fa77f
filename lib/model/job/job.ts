import { z } from 'zod'
import { ErrorRecord } from '../failure/error-record.ts'
import { Domain } from './domains.ts'
import { Instant, JsonValue } from '../json.ts'
import { ProxyId } from '../proxy/proxy-address.ts'
import { WaitReason } from './wait-reason.ts'
import { ProxyRequirement } from '../proxy/proxy.ts'
import { MAX_WORKERS_A_JOB, WorkflowName } from './workflow.ts'

export const JobId = z.int().positive()
export type JobId = z.infer<typeof JobId>

/**
 * The jobs that a scheduler claims if it does not claim all: jobs with the number `from` or a
 * higher one, and the jobs in `also`.
 */
export const ClaimScope = z.object({ from: JobId, also: z.array(JobId) })
export type ClaimScope = z.infer<typeof ClaimScope>

export const isInScope = (id: number, { from, also }: ClaimScope): boolean => id >= from || also.includes(id)

/**
 * A job that is `retrying` waits for its next attempt. A job that is `interrupted` was running when
 * its scheduler died. Both are claimed like `queued` jobs. A job that is `parked` was running at
 * too many deaths of the scheduler, and waits for the operator.
 */
export const JOB_STATES = [
  'queued',
  'running',
  'retrying',
  'interrupted',
  'succeeded',
  'failed',
  'cancelled',
  'parked',
] as const
export const JobState = z.enum(JOB_STATES)
export type JobState = z.infer<typeof JobState>

/** States that may follow each state. */
export const JOB_TRANSITIONS: Readonly<Record<JobState, readonly JobState[]>> = {
  queued: ['running', 'cancelled'],
  retrying: ['running', 'cancelled', 'queued'],
  interrupted: ['running', 'cancelled', 'queued'],
  running: ['succeeded', 'failed', 'cancelled', 'retrying', 'interrupted', 'parked'],
  succeeded: [],
  failed: ['queued'],
  cancelled: ['queued'],
  parked: ['queued', 'cancelled'],
}

/** States in which a due job may be claimed. */
export const CLAIMABLE_STATES = ['queued', 'retrying', 'interrupted'] as const satisfies readonly JobState[]

export const ENDED_STATES = ['succeeded', 'failed', 'cancelled'] as const satisfies readonly JobState[]

/** States of dead letters: jobs that do not change unless a person requeues them. */
export const DEAD_STATES = ['failed', 'parked'] as const satisfies readonly JobState[]

export function jobEnded(state: JobState): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled'
}

/**
 * True if a job has not started or waits for another attempt, so that its priority has an effect. A
 * parked job counts, because it will wait again once it is requeued.
 */
export function jobWaits(state: JobState): boolean {
  return state !== 'running' && !jobEnded(state)
}

/**
 * Returns the number of retries that a job has used since it was last queued. The count starts
 * again if a person requeues the job.
 */
export function retriesUsed({
  state,
  failures,
  retries,
}: Pick<Job, 'state' | 'failures' | 'retries'>): number {
  // No retry follows the final failure.
  return Math.min(retries, state === 'failed' ? Math.max(0, failures - 1) : failures)
}

/**
 * Waiting time that one step of priority counts as. A job with a higher priority comes first, and a
 * job with a lower priority waits only until it is old enough. The index `jobs_claimable` uses the
 * same rule.
 */
export const PRIORITY_STEP_MS = 60_000

/** Maximum length, in characters, of the key that only one unfinished job may have. */
export const MAX_KEY_LENGTH = 200

export const PRIORITY_RANGE = { min: -100, max: 100 } as const

/** Maximum number of dependencies of one job. */
export const MAX_DEPENDENCIES = 100

/**
 * Effect on a job if one of its dependencies fails or is cancelled: the job is cancelled too, or it
 * runs once the other dependencies have ended.
 */
export const AfterFailure = z.enum(['cancel', 'run'])

/** Fields of a job that its workflow determines if the caller omits them. */
export const UnresolvedField = z.enum(['workers', 'retries', 'domains'])

/** One request to run a workflow with an input. */
export const Job = z.object({
  id: JobId,
  workflow: WorkflowName,
  input: JsonValue,
  state: JobState,
  /** A higher priority comes first. Each step counts as much as a minute of waiting. */
  priority: z.int().min(PRIORITY_RANGE.min).max(PRIORITY_RANGE.max),
  workers: z.int().min(1).max(MAX_WORKERS_A_JOB),
  dueAt: Instant,
  /** Fencing token of all writes for the job. Each claim increases it; 0 before the first claim. */
  attempt: z.int().nonnegative(),
  /** Number of failures of the job itself, without the deaths of the scheduler. */
  failures: z.int().nonnegative(),
  /** Maximum number of retries: this many failures are followed by another try. */
  retries: z.int().nonnegative(),
  /** Number of times that the scheduler died while the job was running. */
  schedulerDeaths: z.int().nonnegative(),
  /** At most one unfinished job may have this key. */
  uniqueKey: z.string().nullable(),
  /** Origin of the request: `operator`, `cli`, `demo`, `service:<name>`. */
  origin: z.string(),
  queuedAt: Instant,
  /**
   * Start of the first attempt since the job was queued, or since a person requeued it after its
   * end.
   */
  startedAt: Instant.nullable(),
  /** Start of the last attempt. */
  attemptStartedAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  cancelRequestedAt: Instant.nullable(),
  result: JsonValue.nullable(),
  error: ErrorRecord.nullable(),
  /** The job's own proxy requirement; null if the job has none beyond that of its workflow. */
  proxy: ProxyRequirement.nullable(),
  /**
   * Proxies that have failed for the job since its last failure with another cause. Each proxy gets
   * one try before a retry of the job is used.
   */
  proxiesTried: z.array(ProxyId),
  /**
   * Number of reports that arrived after the end of their attempt. Such reports are only counted:
   * they change nothing, and people are not notified.
   */
  lateReports: z.int().nonnegative(),
  /** Jobs that must end before this job is claimed. */
  after: z.array(JobId),
  afterFailure: AfterFailure,
  /**
   * Domains that the job is known to visit, in addition to the domains of its workflow. The limits
   * and pauses of these domains apply to the job.
   */
  domains: z.array(Domain),
  /**
   * Fields that the workflow must still determine, because it could not be loaded when the job was
   * queued. Null if there are none.
   */
  unresolved: z.exactOptional(z.array(UnresolvedField).nullable()),
})
export type Job = z.infer<typeof Job>

/** True if a job's workflow must still determine `field`, or any field if none is given. */
export function isUnresolved(
  { unresolved }: Pick<Job, 'unresolved'>,
  field?: z.infer<typeof UnresolvedField>,
): boolean {
  const fields = unresolved ?? []
  return field === undefined ? fields.length > 0 : fields.includes(field)
}

/**
 * Returns the maximum number of retries of a job; null until the job's workflow has determined it.
 */
export function retriesOf(job: Pick<Job, 'retries' | 'unresolved'>): number | null {
  return isUnresolved(job, 'retries') ? null : job.retries
}

/**
 * A job that has been claimed for an attempt. `failedWith` is the error of the previous attempt,
 * because the recovery of that error changes this attempt; null if the previous attempt did not
 * fail.
 */
export const ClaimedJob = Job.extend({ failedWith: ErrorRecord.nullable() })
export type ClaimedJob = z.infer<typeof ClaimedJob>

/** Job that a caller asks to be queued. Omitted fields have defaults. */
export const JobRequest = z.object({
  workflow: WorkflowName,
  input: JsonValue,
  priority: Job.shape.priority.default(0),
  workers: Job.shape.workers,
  retries: Job.shape.retries,
  dueAt: Instant.optional(),
  uniqueKey: z.string().min(1).max(MAX_KEY_LENGTH).optional(),
  origin: z.string().min(1).max(80),
  proxy: ProxyRequirement.optional(),
  after: Job.shape.after.max(MAX_DEPENDENCIES).optional(),
  afterFailure: AfterFailure.default('cancel'),
  domains: z.array(Domain).max(20).optional(),
  /**
   * Fields that the workflow determines before the job is claimed. Until then their values are
   * placeholders.
   */
  unresolved: z.array(UnresolvedField).optional(),
})
export type JobRequest = z.input<typeof JobRequest>

/** A row of a list of jobs, without input and result. */
export const JobSummary = Job.omit({
  input: true,
  result: true,
  error: true,
  proxy: true,
  proxiesTried: true,
  after: true,
  afterFailure: true,
}).extend({
  /** Reason of the job's failure, or of its wait. */
  errorMessage: z.string().nullable(),
  /** The reason why the job waits, as a code with its facts. */
  waitReason: z.exactOptional(WaitReason.nullable()),
})
export type JobSummary = z.infer<typeof JobSummary>
