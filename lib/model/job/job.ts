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
 * The jobs that a scheduler takes from the queue, if not all: the jobs from number `from` on, and
 * those in `also`.
 */
export const ClaimScope = z.object({ from: JobId, also: z.array(JobId) })
export type ClaimScope = z.infer<typeof ClaimScope>

export const isInScope = (id: number, { from, also }: ClaimScope): boolean => id >= from || also.includes(id)

/**
 * `retrying` waits for its next attempt; `interrupted` was running when its console died. Both are
 * claimed like `queued`. `parked` was running at too many console deaths and waits for the
 * operator.
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

/** Dead letters: their jobs stay as they are unless a person requeues them. */
export const DEAD_STATES = ['failed', 'parked'] as const satisfies readonly JobState[]

export function jobEnded(state: JobState): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled'
}

/**
 * True if a job still waits for its turn, so that its priority counts. A parked job waits once it
 * is requeued.
 */
export function jobWaits(state: JobState): boolean {
  return state !== 'running' && !jobEnded(state)
}

/**
 * Returns the number of retries that a job has used since it was last queued. A requeue by hand
 * restarts the count.
 */
export function retriesUsed({
  state,
  failures,
  retries,
}: Pick<Job, 'state' | 'failures' | 'retries'>): number {
  // The final failure is followed by no retry.
  return Math.min(retries, state === 'failed' ? Math.max(0, failures - 1) : failures)
}

/**
 * Advantage of one priority step in waiting time. A higher priority comes first, and a lower
 * priority waits only until its job is old enough. The index `jobs_claimable` uses the same rule.
 */
export const PRIORITY_STEP_MS = 60_000

/** Most characters of the key that only one unfinished job may have. */
export const MAX_KEY_LENGTH = 200

export const PRIORITY_RANGE = { min: -100, max: 100 } as const

/** Most dependencies of one job. */
export const MAX_DEPENDENCIES = 100

/**
 * Consequence for a job if one of its dependencies fails or is cancelled: the job is cancelled too,
 * or runs once the others have ended.
 */
export const AfterFailure = z.enum(['cancel', 'run'])

/** Fields of a job that its workflow decides if the caller omits them. */
export const UnresolvedField = z.enum(['workers', 'retries', 'domains'])

/** One request to run a workflow with an input. */
export const Job = z.object({
  id: JobId,
  workflow: WorkflowName,
  input: JsonValue,
  state: JobState,
  /** A higher priority comes first. Each step is worth a minute of waiting. */
  priority: z.int().min(PRIORITY_RANGE.min).max(PRIORITY_RANGE.max),
  workers: z.int().min(1).max(MAX_WORKERS_A_JOB),
  dueAt: Instant,
  /** Fencing token of all writes for the job, raised by every claim; 0 before the first. */
  attempt: z.int().nonnegative(),
  /** Number of failures of the job itself, excluding deaths of the console. */
  failures: z.int().nonnegative(),
  /** Number of failures that are followed by another try. */
  retries: z.int().nonnegative(),
  /** Number of consoles that died while the job ran. */
  schedulerDeaths: z.int().nonnegative(),
  /** At most one unfinished job may have this key. */
  uniqueKey: z.string().nullable(),
  /** Origin of the request: `operator`, `cli`, `demo`, `service:<name>`. */
  origin: z.string(),
  queuedAt: Instant,
  /**
   * Start of the first attempt since the job was queued by its caller, or requeued by a person
   * after its end.
   */
  startedAt: Instant.nullable(),
  /** Start of the last attempt. */
  attemptStartedAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  cancelRequestedAt: Instant.nullable(),
  result: JsonValue.nullable(),
  error: ErrorRecord.nullable(),
  /** Its proxy requirement; null if its workflow's suffices. */
  proxy: ProxyRequirement.nullable(),
  /**
   * Proxies that failed for the job since its last other failure. Each proxy gets one try before
   * the job's retries are used.
   */
  proxiesTried: z.array(ProxyId),
  /**
   * Number of reports that came after the end of their attempt. They are counted, but neither
   * applied nor notified.
   */
  lateReports: z.int().nonnegative(),
  /** Jobs that must end before this job is claimed. */
  after: z.array(JobId),
  afterFailure: AfterFailure,
  /**
   * Known domains of the job, in addition to those of its workflow. Limits and pauses of these
   * domains delay the job.
   */
  domains: z.array(Domain),
  /**
   * Fields that the workflow must still decide, because the workflow could not be loaded when the
   * job was queued. Null if none remain.
   */
  unresolved: z.exactOptional(z.array(UnresolvedField).nullable()),
})
export type Job = z.infer<typeof Job>

/** True if a job's workflow must still decide `field`, or any field. */
export function isUnresolved(
  { unresolved }: Pick<Job, 'unresolved'>,
  field?: z.infer<typeof UnresolvedField>,
): boolean {
  const fields = unresolved ?? []
  return field === undefined ? fields.length > 0 : fields.includes(field)
}

/**
 * Returns the number of failures that are followed by another try; null until the job's workflow
 * has decided the number.
 */
export function retriesOf(job: Pick<Job, 'retries' | 'unresolved'>): number | null {
  return isUnresolved(job, 'retries') ? null : job.retries
}

/**
 * A job claimed for an attempt. `failedWith` is the error of the previous attempt, because the
 * error's recovery lists the changes for this attempt; null if the previous attempt did not fail.
 */
export const ClaimedJob = Job.extend({ failedWith: ErrorRecord.nullable() })
export type ClaimedJob = z.infer<typeof ClaimedJob>

/** A caller's description of a job to be queued. The other fields have defaults. */
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
   * Fields that the workflow decides before the job is claimed. Their values are placeholders until
   * then.
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
  /** Reason of its failure or of its wait. */
  errorMessage: z.string().nullable(),
  /** Code of the reason of its wait. */
  waitReason: z.exactOptional(WaitReason.nullable()),
})
export type JobSummary = z.infer<typeof JobSummary>
