import { identifyProcess } from '../../platform/process/process-identity.ts'
import { ownMemory } from '../../platform/process/own-memory.ts'
import { CpuUsage } from '../../platform/process/cpu-usage.ts'
import type { ProcessTreeUsage } from '../../platform/process/tree-use.ts'
import type { Clock } from '../../core/time/clock.ts'
import { sanitiseLine } from '../../core/text/sanitise.ts'
import { knownSecrets } from '../../core/secrets/known-secrets.ts'
import type { MemberRef, WorkerDocument, WorkerStart } from '../../model/worker/documents.ts'
import type { ProcessIdentity } from '../../model/worker/process-identity.ts'
import { positionOf } from '../../model/job/phase.ts'
import type { PhasePosition, PhaseRecord } from '../../model/job/phase.ts'
import type { Outcome } from '../../model/job/outcome.ts'
import type { WorkerWait } from '../../model/worker/worker-wait.ts'
import type { PhaseSpec } from '../../authoring/workflow-runtime.ts'
import { ThrottledWriter } from '../throttled-writer.ts'

/** Smallest change of a deadline that is published. The watchdog's grace covers smaller changes. */
const DEADLINE_DRIFT_MS = 1_000

/** Maximum length of a step that is shown and stored, in UTF-16 code units. */
const STEP_LIMIT = 200

export interface WorkerStateOptions {
  readonly workerId: string
  /** The worker's own log, relative to the project root. */
  readonly log: string
  readonly clock: Clock
  /** Writes each new state, synchronously, so that the update is on disk before a crash. */
  readonly write: (document: WorkerDocument) => void
}

/** Further details of a phase that ended. */
export type PhaseDetails = Pick<PhaseRecord, 'steps' | 'stepsLeftOut' | 'error'>

/** Follows the phases and steps of the worker. */
export interface StateFollower {
  phaseBegan(name: string, index: number, count: number): void
  stepBegan(text: string): void
  phaseEnded(status: PhaseRecord['status']): void
}

/** Fields of the document about a job, with their values at the start of the job. */
const NOTHING_DONE = {
  phase: null,
  history: [],
  url: null,
  outcome: null,
} satisfies Partial<WorkerDocument>

type Change = Partial<Pick<WorkerDocument, 'state' | 'outcome'>>

/** Current activity of a worker, published as it changes. */
export class WorkerState {
  private document: WorkerDocument
  private readonly clock: Clock
  private readonly writes: ThrottledWriter
  private follower: StateFollower | undefined
  private readonly ownLog: string
  private readonly own: ProcessIdentity | undefined
  private browserBytes = 0
  private readonly load: CpuUsage
  /** Monotonic start of the phase, moved by its waits. */
  private phaseSince = 0
  /** Monotonic start of the phase's wait. */
  private waitSince = 0

  constructor({ workerId, log, clock, write }: WorkerStateOptions) {
    this.clock = clock
    this.load = new CpuUsage(clock)
    this.ownLog = log
    this.own = identifyProcess(process.pid)
    this.writes = new ThrottledWriter(clock, () => {
      this.document = { ...this.document, updatedAt: this.clock.now(), memoryBytes: this.memoryBytes }
      write(this.document)
    })
    this.document = {
      kind: 'worker',
      version: 2,
      workerId,
      job: null,
      jobs: 0,
      state: 'starting',
      pid: process.pid,
      processes: this.own === undefined ? [] : [this.own],
      startedAt: clock.now(),
      updatedAt: clock.now(),
      phase: null,
      history: [],
      browser: null,
      url: null,
      memoryBytes: 0,
      log,
      outcome: null,
    }
    this.writes.now()
  }

  /** The current phase, as reports name it; null outside phases. */
  get phase(): PhasePosition | null {
    return this.document.phase === null ? null : positionOf(this.document.phase)
  }

  get history(): readonly PhaseRecord[] {
    return this.document.history
  }

  get url(): string | null {
    return this.document.url
  }

  get browserPid(): number | null {
    return this.document.browser?.pid ?? null
  }

  get browserVersion(): string | null {
    return this.document.browser?.version ?? null
  }

  /** Memory of the process, plus the memory of its browser at the last measurement. */
  get memoryBytes(): number {
    return ownMemory() + this.browserBytes
  }

  /** Records the current usage of the browser's processes; written soon. */
  measured({ bytes, cpuMs }: ProcessTreeUsage): void {
    this.browserBytes = bytes
    const cpuPercent = this.load.percent(cpuMs)
    if (cpuPercent === undefined) return
    this.document = { ...this.document, cpuPercent }
    this.writes.within()
  }

  /** Notifies `follower` of phases and steps until the job ends. */
  follow(follower: StateFollower): void {
    this.follower = follower
  }

  /**
   * Records the start of a job. `log` is the path of the job's log relative to the project root. A
   * reused worker has its workflow loaded, so the update is batched with the first phase. A new
   * worker writes at once, because it may hang while it loads the workflow.
   */
  beginJob({ jobId, attempt, member, members, workflow }: MemberRef, start: WorkerStart, log: string): void {
    const job = { jobId, attempt, member, members, workflow, start }
    this.follower = undefined
    const rest = withoutWait(this.document)
    delete rest.answered
    this.document = {
      ...{ ...rest, ...NOTHING_DONE },
      ...{ job, jobs: this.document.jobs + 1, state: 'starting', log },
    }
    if (start === 'reused') this.writes.within()
    else this.writes.now()
  }

  /**
   * Records that the worker waits for a job. Written lazily, because the next job often follows at
   * once.
   */
  idle(): void {
    const rest = withoutWait(this.document)
    this.document = { ...rest, ...NOTHING_DONE, job: null, state: 'idle', log: this.ownLog }
    this.writes.within()
  }

  change(change: Change): void {
    this.document = { ...this.document, ...change }
    this.writes.now()
  }

  /**
   * Records the worker's browser and the page's address. Written lazily if the browser is the same
   * as before.
   */
  show(browser: NonNullable<WorkerDocument['browser']>, url: string | null = this.document.url): void {
    const known = this.document.browser
    this.document = { ...this.document, browser, url }
    if (known?.pid === browser.pid) {
      this.writes.within()
      return
    }
    this.identify()
    this.writes.now()
  }

  /** Records that the job has ended and that its browser is held open. */
  keep(outcome: Outcome['status'], kept: NonNullable<WorkerDocument['kept']>): void {
    this.document = { ...withoutWait(this.document), state: 'kept', kept, outcome }
    this.writes.now()
  }

  /** Records that the browser is no longer held open. */
  letGo(): void {
    const rest = { ...this.document }
    delete rest.kept
    this.document = { ...rest, state: 'stopping' }
    this.writes.now()
  }

  private identify(): void {
    const { browser } = this.document
    const chrome = identityOf(browser?.pid)
    this.document.processes = [this.own, chrome].filter(one => one !== undefined)
  }

  /** Records the page's address; written with the next update, or soon. */
  navigated(url: string): void {
    if (url === this.document.url) return
    this.document = { ...this.document, url }
    this.writes.within()
  }

  /** Begins a phase. `tryIndex` counts the tries of a phase with retries, from 1. */
  beginPhase({ name, timeoutMs, retries = 0 }: PhaseSpec, index: number, count: number, tryIndex = 1): void {
    const startedAt = this.clock.now()
    this.phaseSince = this.clock.monotonic()
    const deadlineAt = Math.round(startedAt + timeoutMs)
    const place = { index, count, name, step: '', startedAt, deadlineAt }
    const phase = retries === 0 ? place : { ...place, try: { index: tryIndex, count: retries + 1 } }
    this.document = { ...this.document, state: 'busy', phase }
    this.writes.now()
    this.follower?.phaseBegan(name, index, count)
  }

  /** Records the current step; ignored outside of phases. */
  step(text: string): void {
    const { phase } = this.document
    if (phase === null) return
    const step = sanitiseLine(knownSecrets.redact(text), STEP_LIMIT)
    this.document = { ...this.document, phase: { ...phase, step } }
    this.writes.step()
    this.follower?.stepBegan(step)
  }

  /** Records that the phase waits; `leftMs` of its limit remain after the wait. */
  wait(waiting: WorkerWait, leftMs: number): void {
    const { phase } = this.document
    if (phase === null) return
    if (this.document.waiting === undefined) this.waitSince = this.clock.monotonic()
    const deadlineAt = Math.round(waiting.deadlineAt + leftMs)
    this.document = { ...this.document, waiting, phase: { ...phase, deadlineAt } }
    this.writes.now()
  }

  /**
   * Records the end of the wait with this id. The phase continues with `leftMs` of its limit
   * remaining. `orderId` names the reply if one ended the wait. The start of the phase is moved by
   * the duration of the wait, which does not count. Ignored if another wait, or none, is recorded.
   */
  goOn(id: number, leftMs: number, orderId?: string): void {
    const { phase, waiting, ...rest } = this.document
    if (waiting?.id !== id) return
    const now = this.clock.now()
    this.phaseSince += this.clock.monotonic() - this.waitSince
    this.document = {
      ...rest,
      ...(orderId === undefined ? {} : { answered: { waitingId: id, orderId } }),
      phase: phase && {
        ...phase,
        startedAt: this.phaseStart(now),
        deadlineAt: Math.round(now + leftMs),
      },
    }
    this.writes.now()
  }

  /**
   * Moves the phase's deadline to `leftMs` from now; written if the change matters to the watchdog.
   */
  moveDeadline(leftMs: number): void {
    const { phase, waiting } = this.document
    const deadlineAt = Math.round(this.clock.now() + leftMs)
    if (phase === null || waiting !== undefined) return
    if (Math.abs(deadlineAt - phase.deadlineAt) < DEADLINE_DRIFT_MS) return
    this.document = { ...this.document, phase: { ...phase, deadlineAt } }
    this.writes.now()
  }

  /** Ends a phase. Success is written lazily with the next update, any other status immediately. */
  endPhase(status: PhaseRecord['status'], more: PhaseDetails = {}): void {
    const { waiting } = this.document
    if (waiting !== undefined) this.goOn(waiting.id, 0)
    const { phase, history } = this.document
    if (phase === null) return
    const endedAt = this.clock.now()
    const record = { ...positionOf(phase), status, startedAt: this.phaseStart(endedAt), endedAt, ...more }
    this.document = { ...this.document, phase: null, history: [...history, record] }
    if (status === 'done') this.writes.within()
    else this.writes.now()
    this.follower?.phaseEnded(status)
  }

  /**
   * Returns the start of the phase by the present clock, so that its duration is elapsed time even
   * if the clock has jumped since.
   */
  private phaseStart(now: number): number {
    return Math.max(0, Math.round(now - (this.clock.monotonic() - this.phaseSince)))
  }

  /** Writes a pending update now, at the end of the process. */
  flushPending(): void {
    this.writes.pending()
  }
}

function identityOf(pid: number | null | undefined): ProcessIdentity | undefined {
  return pid === null || pid === undefined ? undefined : identifyProcess(pid)
}

function withoutWait(document: WorkerDocument): WorkerDocument {
  const rest = { ...document }
  delete rest.waiting
  return rest
}
