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

/** Outside of its phases a worker starts its browser, loads its workflow and closes down: each is limited to 60 s by the worker itself. */
const OUTSIDE_PHASES_LIMIT_MS = 120_000

/** The worker process that a member was given to. */
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
  /** What `mustAnswerAt` was counted from. */
  private lastState = ''
  domain: string | null = null
  /** `at` by the monotonic clock, `askedAt` by the wall clock, as documents have it. */
  stop: { readonly reason: StopReason; readonly at: number; readonly askedAt: number } | null = null
  outcome: Outcome | null = null
  /** Outcome that its worker could not write, and sent. */
  sent: OutcomeDocument | undefined
  /** Its browser stays open to be looked at: its worker still takes orders. */
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

  /** Takes in what the worker's document says now, if it says it of this member; the watchdog reads the deadline. */
  onState({ job, phase, history, updatedAt, url }: WorkerDocument, monotonic: number): void {
    if (job === null || !this.is(job)) return
    this.seenAt ??= monotonic
    this.domain = (url === null ? undefined : domainOf(url)) ?? null
    const place = phase === null ? `after ${history.length}` : `${phase.index} until ${phase.deadlineAt}`
    // Counted once for each: what is measured of a worker is written while its work stands still, too, and the wall clock may have jumped since.
    if (place === this.lastState) return
    this.lastState = place
    this.reprievedAt = null
    const leftMs =
      phase === null ? OUTSIDE_PHASES_LIMIT_MS : phase.deadlineAt - updatedAt + this.assignment.abortGraceMs
    this.mustAnswerAt = monotonic + leftMs
  }

  /** A shutdown ends the worker too; for any other reason it may go on with another job. */
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
