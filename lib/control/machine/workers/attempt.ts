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
 * Time limit for a worker's work outside of its phases. There the worker starts its browser, loads
 * the workflow and closes down, each within its own limit of 60 s.
 */
const OUTSIDE_PHASES_LIMIT_MS = 120_000

/** Worker that a member was assigned to. */
export interface MemberWorker {
  readonly process: WorkerProcess
  readonly ready: boolean
  readonly killedAt: number | null
  readonly killReason: KillReason | null
}

/** A member of a running job, and the worker that it was assigned to. */
export class AttemptMember implements MemberView {
  readonly assignment: Assignment
  readonly worker: MemberWorker
  readonly assignedAt: number
  readonly ready: boolean
  seenAt: number | null = null
  mustAnswerAt: number | null = null
  reprievedAt: number | null = null
  /** State of the worker for which `mustAnswerAt` was computed. */
  private lastState = ''
  domain: string | null = null
  /**
   * Request to stop. `at` is a time of the monotonic clock. `askedAt` is the same time by the wall
   * clock, which documents use.
   */
  stop: { readonly reason: StopReason; readonly at: number; readonly askedAt: number } | null = null
  outcome: Outcome | null = null
  /** Outcome that the worker sent as a message because it could not write it to disk. */
  sent: OutcomeDocument | undefined
  /** True if the browser is held, so that the worker still accepts commands. */
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

  /**
   * Applies the worker's document if it is about this member. `mustAnswerAt` is computed from the
   * deadline in the document.
   */
  onState({ job, phase, history, updatedAt, url }: WorkerDocument, monotonic: number): void {
    if (job === null || !this.is(job)) return
    this.seenAt ??= monotonic
    this.domain = (url === null ? undefined : domainOf(url)) ?? null
    const place = phase === null ? `after ${history.length}` : `${phase.index} until ${phase.deadlineAt}`
    // The deadline is computed once for each state. The worker also writes measurements while its
    // work makes no progress, and the wall clock may have jumped since the state began.
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

  /** `startedAt` is the time of the attempt's start by the monotonic clock. */
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
