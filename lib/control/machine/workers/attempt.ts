import type { LogContext } from '../../../core/log.ts'
import type { Assignment, OutcomeDocument, WorkerDocument } from '../../../model/worker/documents.ts'
import { domainOf } from '../../../model/job/domains.ts'
import type { ClaimedJob } from '../../../model/job/job.ts'
import type { Outcome, StopReason } from '../../../model/job/outcome.ts'
import { USUAL_SWARM } from '../../../model/job/workflow.ts'
import type { SwarmRules } from '../../../model/job/workflow.ts'
import type { Best, MemberView, AttemptView } from '../../decide/attempt-view.ts'
import type { KillReason, Moment } from '../../decide/scheduler-view.ts'
import type { WorkerProcess } from './worker-process.ts'

/**
 * Limit of a worker's work outside of its phases. It starts its browser, loads its workflow and
 * closes down there, each within 60 s by its own limit.
 */
const OUTSIDE_PHASES_LIMIT_MS = 120_000

/** Worker process that a member was given to. */
export interface MemberWorker {
  readonly process: WorkerProcess
  readonly ready: boolean
  readonly killedAt: number | null
  readonly killReason: KillReason | null
}

/** A member of a running job, in the worker that it was given to. */
export class AttemptMember implements MemberView {
  readonly assignment: Assignment
  readonly worker: MemberWorker
  readonly assignedAt: number
  readonly ready: boolean
  seenAt: number | null = null
  mustAnswerAt: number | null = null
  reprievedAt: number | null = null
  /** State from which `mustAnswerAt` was counted. */
  private lastState = ''
  domain: string | null = null
  /** Request to stop: `at` by the monotonic clock, `askedAt` by the wall clock, as in documents. */
  stop: { readonly reason: StopReason; readonly at: number; readonly askedAt: number } | null = null
  outcome: Outcome | null = null
  /** Outcome that the worker sent because it could not write it. */
  sent: OutcomeDocument | undefined
  /** True if the browser is held, so that the worker still takes orders. */
  keptOpen = false

  constructor(assignment: Assignment, worker: MemberWorker, assignedAt: number) {
    this.assignment = assignment
    this.worker = worker
    this.assignedAt = assignedAt
    this.ready = worker.ready
  }

  get workerId(): string {
    return this.assignment.workerId
  }

  get member(): number {
    return this.assignment.member
  }

  get killedAt(): number | null {
    return this.worker.killedAt
  }

  get killReason(): KillReason | null {
    return this.worker.killReason
  }

  get context(): LogContext {
    const { workerId, jobId, member } = this.assignment
    return { workerId, jobId, member }
  }

  is({ jobId, attempt }: { readonly jobId: number; readonly attempt: number }): boolean {
    return this.assignment.jobId === jobId && this.assignment.attempt === attempt
  }

  /** Applies the worker's document, if it is about this member. The watchdog reads the deadline. */
  onState({ job, phase, history, updatedAt, url }: WorkerDocument, monotonic: number): void {
    if (job === null || !this.is(job)) return
    this.seenAt ??= monotonic
    this.domain = (url === null ? undefined : domainOf(url)) ?? null
    const place = phase === null ? `after ${history.length}` : `${phase.index} until ${phase.deadlineAt}`
    // Counted once for each state. Measurements are written while the work makes no progress, and
    // the wall clock may have jumped since.
    if (place === this.lastState) return
    this.lastState = place
    this.reprievedAt = null
    const leftMs =
      phase === null ? OUTSIDE_PHASES_LIMIT_MS : phase.deadlineAt - updatedAt + this.assignment.abortGraceMs
    this.mustAnswerAt = monotonic + leftMs
  }

  /**
   * Asks the worker to stop this job. A shutdown also ends the worker, which may otherwise take
   * another job.
   */
  askToStop(reason: StopReason, { now, monotonic }: Moment): void {
    this.stop = { reason, at: monotonic, askedAt: now }
    this.reprievedAt = null
    const { jobId, attempt } = this.assignment
    if (reason === 'shutdown') this.worker.process.stop(reason)
    else this.worker.process.stop(reason, { jobId, attempt })
  }
}

/** A claimed job and its members. */
export class Attempt implements AttemptView {
  readonly job: ClaimedJob
  readonly members: AttemptMember[] = []
  best: Best | null = null
  cancelRequested = false
  refusal: AttemptView['refusal'] = null
  proxies: AttemptView['proxies'] = null
  readonly quorum: number
  readonly deadlineAt: number | null
  readonly deadlineMs: number | null

  /** `startedAt` is the attempt's start by the monotonic clock. */
  constructor(job: ClaimedJob, startedAt: number, { quorum, deadlineMs }: SwarmRules = USUAL_SWARM) {
    this.job = job
    this.quorum = quorum
    this.deadlineMs = deadlineMs
    this.deadlineAt = deadlineMs === null ? null : startedAt + deadlineMs
  }

  get living(): readonly AttemptMember[] {
    return this.members.filter(member => member.outcome === null)
  }
}
