import type { z } from 'zod'
import type { ErrorRecord } from '../../core/errors/errors.ts'
import type { Job } from '../../model/job/job.ts'
import type { JsonValue } from '../../model/json.ts'
import type { Outcome, StopReason } from '../../model/job/outcome.ts'

/**
 * One member of a running job and its worker, as the control layer sees them. Times are of the
 * monotonic clock.
 */
export interface MemberView {
  readonly workerId: string
  /** 1-based place among the job's workers. */
  readonly member: number
  /** Time at which the worker was given the job. */
  readonly assignedAt: number
  /** True if the worker's browser was already running at `assignedAt`. */
  readonly ready: boolean
  /**
   * Time at which the worker's state document first named the job; null while the worker is
   * starting.
   */
  readonly seenAt: number | null
  /**
   * Deadline of the current phase, abort grace included, or of the work between phases; null until
   * the worker first reports.
   */
  readonly mustAnswerAt: number | null
  readonly stop: { readonly reason: StopReason; readonly at: number } | null
  /**
   * Time at which the worker's limit was extended because the scheduler itself was late; null if it
   * was not extended.
   */
  readonly reprievedAt: number | null
  readonly killedAt: number | null
  /** Domain of the page that the worker showed last; null before the first page. */
  readonly domain: string | null
  /**
   * Outcome of the worker; null until the worker has ended and its remaining files have been read.
   */
  readonly outcome: Outcome | null
}

/** Best result that the job's workers have offered. */
export interface Best {
  readonly result: z.infer<typeof JsonValue>
  readonly targetMet: boolean
}

/** An attempt without living workers, with the fields that `settle` needs. */
export interface EndedAttempt extends Pick<
  AttemptView,
  'job' | 'best' | 'cancelRequested' | 'refusal' | 'quorum' | 'deadlineMs' | 'proxies'
> {
  readonly members: readonly Pick<MemberView, 'outcome'>[]
}

/** A job that this scheduler has claimed, and its workers. */
export interface AttemptView {
  readonly job: Job
  readonly best: Best | null
  readonly cancelRequested: boolean
  /** Reason why the job cannot begin with any worker; null if it can. */
  readonly refusal: ErrorRecord | null
  /** Number of members that must succeed. If there are fewer members, all must succeed. */
  readonly quorum: number
  /**
   * Time at which the attempt ends with the best offer so far; null for never. The time is of the
   * monotonic clock, so that a jump of the wall clock does not end a swarm.
   */
  readonly deadlineAt: number | null
  /** Time from the attempt's start to its deadline; null if it has none. */
  readonly deadlineMs: number | null
  readonly members: readonly MemberView[]
  /**
   * Proxies that have failed for the job, this attempt included, and whether another proxy remains.
   * Null until this is known.
   */
  readonly proxies: { readonly tried: readonly string[]; readonly another: boolean } | null
}
