import type { LogContext } from '../core/log.ts'
import type { Assignment, WorkerDocument } from '../domain/documents.ts'
import type { ClaimedJob } from '../domain/job.ts'
import type { Outcome, StopReason } from '../domain/outcome.ts'
import type { ProcessIdentity } from '../domain/process-identity.ts'
import { sweepProcesses } from '../platform/sweep-processes.ts'
import type { KillReason } from './decide.ts'
import type { Best, Member, Run } from './run.ts'
import type { WorkerProcess } from './worker-process.ts'

/** Outside of its phases a worker starts its browser, loads its workflow and closes down: each is limited to 60 s by the worker itself. */
const OUTSIDE_PHASES_LIMIT_MS = 120_000

/** A worker of a running job together with its process. */
export class LiveMember implements Member {
  readonly assignment: Assignment
  readonly process: WorkerProcess
  readonly forkedAt: number
  seenAt: number | null = null
  mustAnswerAt: number | null = null
  stop: { readonly reason: StopReason; readonly at: number } | null = null
  killedAt: number | null = null
  killReason: KillReason | null = null
  /** The worker and its Chrome, as its document names them. */
  processes: readonly ProcessIdentity[] = []
  outcome: Outcome | null = null

  constructor(assignment: Assignment, process: WorkerProcess, forkedAt: number) {
    this.assignment = assignment
    this.process = process
    this.forkedAt = forkedAt
  }

  get workerId(): string {
    return this.assignment.workerId
  }

  get member(): number {
    return this.assignment.member
  }

  get context(): LogContext {
    const { workerId, jobId, member } = this.assignment
    return { workerId, jobId, member }
  }

  /** Takes in what the worker's document says now; the watchdog reads the deadline. */
  hear(document: WorkerDocument, now: number): void {
    this.seenAt ??= now
    this.mustAnswerAt =
      document.phase === null
        ? document.updatedAt + OUTSIDE_PHASES_LIMIT_MS
        : document.phase.deadlineAt + this.assignment.abortGraceMs
    this.processes = document.processes
  }

  askToStop(reason: StopReason, at: number): void {
    this.stop = { reason, at }
    this.process.stop(reason)
  }

  kill(reason: KillReason, at: number): void {
    this.killReason ??= reason
    this.killedAt = at
    this.process.kill()
    // What cannot be swept now is swept when the worker's process is gone, and whoever waits for that hears the error.
    this.sweep().catch(() => undefined)
  }

  /** Ends a Chrome that its worker did not close: a stopped one never notices that its pipe is gone. */
  async sweep(): Promise<void> {
    await sweepProcesses(this.processes)
  }
}

/** A claimed job and its workers. */
export class LiveRun implements Run {
  readonly job: ClaimedJob
  readonly members: LiveMember[] = []
  best: Best | null = null
  cancelRequested = false

  constructor(job: ClaimedJob) {
    this.job = job
  }

  get living(): readonly LiveMember[] {
    return this.members.filter(member => member.outcome === null)
  }
}
