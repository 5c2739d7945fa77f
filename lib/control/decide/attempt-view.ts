import type { ErrorRecord } from '../../core/errors/errors.ts'
import type { Job } from '../../model/job/job.ts'
import type { JsonValue } from '../../model/json.ts'
import type { Outcome, StopReason } from '../../model/job/outcome.ts'
import type { z } from 'zod'

/** One member of a running job and its worker, as Control sees them. Its instants are of the monotonic clock. */
export interface MemberView {
  readonly workerId: string
  /** 1-based place among the job's workers. */
  readonly member: number
  /** When the worker was given it. */
  readonly assignedAt: number
  /** The worker's browser was up by then. */
  readonly ready: boolean
  /** When the worker's state document first named it; until then the worker is starting. */
  readonly seenAt: number | null
  /** When the phase it is in must have ended, abort grace included, or what it does outside of phases; null until it is heard. */
  readonly mustAnswerAt: number | null
  readonly stop: { readonly reason: StopReason; readonly at: number } | null
  /** When it got more time than its limit, because the scheduler came late; null where it did not. */
  readonly reprievedAt: number | null
  readonly killedAt: number | null
  /** The domain of the page that it showed last; null before the first. */
  readonly domain: string | null
  /** Set once it has ended and what was left of it has been read. */
  readonly outcome: Outcome | null
}

/** The best result that the job's workers have offered. */
export interface Best {
  readonly result: z.infer<typeof JsonValue>
  readonly targetMet: boolean
}

/** An attempt whose workers have ended, as far as it is needed to settle it. */
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
  /** Why it cannot begin, with no worker at all; null for one that can. */
  readonly refusal: ErrorRecord | null
  /** So many of its members must end well; of fewer all. */
  readonly quorum: number
  /** When it ends with the best that was offered by then, by the monotonic clock: a jump of the wall clock ends no swarm. Null for never. */
  readonly deadlineAt: number | null
  /** The same as a duration from the attempt's start. */
  readonly deadlineMs: number | null
  readonly members: readonly MemberView[]
  /** The proxies that have failed for the job, those of this attempt included, and whether there is another; null before that is known. */
  readonly proxies: { readonly tried: readonly string[]; readonly another: boolean } | null
}
