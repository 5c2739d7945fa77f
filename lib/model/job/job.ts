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

/** What a scheduler takes of the queue, where that is not all: the jobs that came with this one and after it, and these. */
export const ClaimScope = z.object({ from: JobId, also: z.array(JobId) })
export type ClaimScope = z.infer<typeof ClaimScope>

export const isInScope = (id: number, { from, also }: ClaimScope): boolean => id >= from || also.includes(id)

/**
 * `retrying` waits for its next attempt, `interrupted` was running when its console died; both are claimed like `queued`.
 * `parked` was present at too many console deaths and waits for the operator.
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

/** From each state, the states that may follow. */
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

/** States in which a job may be claimed once it is due. */
export const CLAIMABLE_STATES = ['queued', 'retrying', 'interrupted'] as const satisfies readonly JobState[]

export const ENDED_STATES = ['succeeded', 'failed', 'cancelled'] as const satisfies readonly JobState[]

/** Dead letters: nothing happens to them any more unless somebody queues them again. */
export const DEAD_STATES = ['failed', 'parked'] as const satisfies readonly JobState[]

export function jobEnded(state: JobState): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled'
}

/** Whether a job has its turn still to come, so that its priority counts. A parked one has it once it is queued again. */
export function jobWaits(state: JobState): boolean {
  return state !== 'running' && !jobEnded(state)
}

/** How many of its retries a job has used since it was queued, last by hand perhaps: then they begin anew. */
export function retriesUsed({
  state,
  failures,
  retries,
}: Pick<Job, 'state' | 'failures' | 'retries'>): number {
  // None follows the failure with which it has ended.
  return Math.min(retries, state === 'failed' ? Math.max(0, failures - 1) : failures)
}

/**
 * A job goes before all that fell due later than so long before it, for each step of its priority: a higher priority goes first, and a lower one only waits until
 * it has grown old enough. The index `jobs_claimable` says the same.
 */
export const PRIORITY_STEP_MS = 60_000

/** Characters of the key that only one unfinished job may carry. */
export const MAX_KEY_LENGTH = 200

export const PRIORITY_RANGE = { min: -100, max: 100 } as const

/** Most jobs that one job can wait for. */
export const MAX_DEPENDENCIES = 100

/** What becomes of a job when one that it waits for fails or is cancelled: it is cancelled with it, or runs all the same once the others have ended. */
export const AfterFailure = z.enum(['cancel', 'run'])

/** Fields of a job that its workflow decides where the caller leaves them out. */
export const UnresolvedField = z.enum(['workers', 'retries', 'domains'])

/** One request to run a workflow with an input. */
export const Job = z.object({
  id: JobId,
  workflow: WorkflowName,
  input: JsonValue,
  state: JobState,
  /** Higher goes first, by a minute of waiting a step. */
  priority: z.int().min(PRIORITY_RANGE.min).max(PRIORITY_RANGE.max),
  workers: z.int().min(1).max(MAX_WORKERS_A_JOB),
  dueAt: Instant,
  /** Raised by every claim: the fencing token of everything written for the job. 0 until the first. */
  attempt: z.int().nonnegative(),
  /** How often the job itself failed; deaths of the console do not count. */
  failures: z.int().nonnegative(),
  /** How many failures are followed by another try. */
  retries: z.int().nonnegative(),
  /** How many consoles died while it ran. */
  schedulerDeaths: z.int().nonnegative(),
  /** At most one job that has not ended may carry this key. */
  uniqueKey: z.string().nullable(),
  /** Who asked: `operator`, `cli`, `demo`, `service:<name>`. */
  origin: z.string(),
  queuedAt: Instant,
  /** The start of the first attempt since the job was queued: by its caller, or by a person after it had ended. */
  startedAt: Instant.nullable(),
  /** The start of the last attempt. */
  attemptStartedAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  cancelRequestedAt: Instant.nullable(),
  result: JsonValue.nullable(),
  error: ErrorRecord.nullable(),
  /** What it asks of proxies; null when its workflow says it all. */
  proxy: ProxyRequirement.nullable(),
  /** The proxies that have failed for it since it last failed otherwise: each gets one try before the job's retries are used. */
  proxiesTried: z.array(ProxyId),
  /** What came after the attempt that it belongs to was over: counted, and neither applied nor told. */
  lateReports: z.int().nonnegative(),
  /** The jobs that have to end before it is claimed. */
  after: z.array(JobId),
  afterFailure: AfterFailure,
  /** The domains that it is known to visit, beside those that its workflow names: limits and pauses of these keep it back. */
  domains: z.array(Domain),
  /** Fields that the workflow still decides, because it could not be loaded when the job was queued. Null when none is left. */
  unresolved: z.exactOptional(z.array(UnresolvedField).nullable()),
})
export type Job = z.infer<typeof Job>

/** Returns true if its workflow still decides a field of a job, or any. */
export function isUnresolved(
  { unresolved }: Pick<Job, 'unresolved'>,
  field?: z.infer<typeof UnresolvedField>,
): boolean {
  const fields = unresolved ?? []
  return field === undefined ? fields.length > 0 : fields.includes(field)
}

/** Returns how many failures of a job are followed by another try; null while its workflow has not decided it. */
export function retriesOf(job: Pick<Job, 'retries' | 'unresolved'>): number | null {
  return isUnresolved(job, 'retries') ? null : job.retries
}

/** A job taken for an attempt, with what the attempt before failed with: its recovery says what this one must change. Null when it did not fail. */
export const ClaimedJob = Job.extend({ failedWith: ErrorRecord.nullable() })
export type ClaimedJob = z.infer<typeof ClaimedJob>

/** What a caller says of a job to be queued; the rest has defaults. */
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
  /** Fields that the workflow decides before the job is claimed; their values are placeholders until then. */
  unresolved: z.array(UnresolvedField).optional(),
})
export type JobRequest = z.input<typeof JobRequest>

/** A row of a list of jobs: no input, no result. */
export const JobSummary = Job.omit({
  input: true,
  result: true,
  error: true,
  proxy: true,
  proxiesTried: true,
  after: true,
  afterFailure: true,
}).extend({
  /** Why it failed, or what it waits for. */
  errorMessage: z.string().nullable(),
  /** What it waits for as a code. */
  waitReason: z.exactOptional(WaitReason.nullable()),
})
export type JobSummary = z.infer<typeof JobSummary>
