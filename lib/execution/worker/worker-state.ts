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

/** The watchdog's grace covers a deadline that is out by less. */
const DEADLINE_DRIFT_MS = 1_000

/** Longest step shown and kept. */
const STEP_LIMIT = 200

export interface WorkerStateOptions {
  readonly workerId: string
  /** The worker's own log, relative to the project root. */
  readonly log: string
  readonly clock: Clock
  /** Takes each new state, synchronously: what has been said must be on disk before the next thing can go wrong. */
  readonly write: (document: WorkerDocument) => void
}

/** What else is told of a phase that ended. */
export type PhaseDetails = Pick<PhaseRecord, 'steps' | 'stepsLeftOut' | 'error'>

/** Hears what the worker does, as it does it. */
export interface StateFollower {
  phaseBegan(name: string, index: number, count: number): void
  stepBegan(text: string): void
  phaseEnded(status: PhaseRecord['status']): void
}

/** The document's part that is about one job. */
const NOTHING_DONE = {
  phase: null,
  history: [],
  url: null,
  outcome: null,
} satisfies Partial<WorkerDocument>

type Change = Partial<Pick<WorkerDocument, 'state' | 'outcome'>>

/** What a worker is doing right now, published as it changes. */
export class WorkerState {
  private document: WorkerDocument
  private readonly clock: Clock
  private readonly writes: ThrottledWriter
  private follower: StateFollower | undefined
  private readonly ownLog: string
  private readonly own: ProcessIdentity | undefined
  private browserBytes = 0
  private readonly load: CpuUsage

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

  /** The phase that runs, as reports name it; null outside phases. */
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

  /** What the process holds, and its browser's as it was last measured. */
  get memoryBytes(): number {
    return ownMemory() + this.browserBytes
  }

  /** What the browser's processes use now; written soon. */
  measured({ bytes, cpuMs }: ProcessTreeUsage): void {
    this.browserBytes = bytes
    const cpuPercent = this.load.percent(cpuMs)
    if (cpuPercent === undefined) return
    this.document = { ...this.document, cpuPercent }
    this.writes.within()
  }

  /** From now on, until the job ends, `follower` hears of phases and steps. */
  follow(follower: StateFollower): void {
    this.follower = follower
  }

  /** A job begins, with this log relative to the project root. A kept worker has its workflow already, and writes it with the first phase; one that still has to load it may hang there. */
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

  /** The worker waits for a job; mostly the next one is on its way. */
  idle(): void {
    const rest = withoutWait(this.document)
    this.document = { ...rest, ...NOTHING_DONE, job: null, state: 'idle', log: this.ownLog }
    this.writes.within()
  }

  change(change: Change): void {
    this.document = { ...this.document, ...change }
    this.writes.now()
  }

  /** This browser, at this address, is the worker's. One that was so already is nothing new. */
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

  /** The job has ended so; its browser stays open to be looked at. */
  keep(outcome: Outcome['status'], kept: NonNullable<WorkerDocument['kept']>): void {
    this.document = { ...withoutWait(this.document), state: 'kept', kept, outcome }
    this.writes.now()
  }

  /** The browser is to be looked at no more. */
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

  /** Follows the page's address; written with what comes next, or soon. */
  navigated(url: string): void {
    if (url === this.document.url) return
    this.document = { ...this.document, url }
    this.writes.within()
  }

  /** `tryIndex` counts the tries of a phase that has retries. */
  beginPhase({ name, timeoutMs, retries = 0 }: PhaseSpec, index: number, count: number, tryIndex = 1): void {
    const startedAt = this.clock.now()
    const deadlineAt = Math.round(startedAt + timeoutMs)
    const place = { index, count, name, step: '', startedAt, deadlineAt }
    const phase = retries === 0 ? place : { ...place, try: { index: tryIndex, count: retries + 1 } }
    this.document = { ...this.document, state: 'busy', phase }
    this.writes.now()
    this.follower?.phaseBegan(name, index, count)
  }

  /** Says what the phase does now. Outside of phases there is nothing to say. */
  step(text: string): void {
    const { phase } = this.document
    if (phase === null) return
    const step = sanitiseLine(knownSecrets.redact(text), STEP_LIMIT)
    this.document = { ...this.document, phase: { ...phase, step } }
    this.writes.step()
    this.follower?.stepBegan(step)
  }

  /** Says that the phase waits, with `leftMs` of its limit left for when it goes on. */
  wait(waiting: WorkerWait, leftMs: number): void {
    const { phase } = this.document
    if (phase === null) return
    const deadlineAt = Math.round(waiting.deadlineAt + leftMs)
    this.document = { ...this.document, waiting, phase: { ...phase, deadlineAt } }
    this.writes.now()
  }

  /** Says that the phase goes on, with `leftMs` of its limit left, after an answer if one ended the wait. The time that it stood still is no part of it: it counts as begun so much later. */
  goOn(leftMs: number, answered?: WorkerDocument['answered']): void {
    const { phase, waiting, ...rest } = this.document
    if (waiting === undefined) return
    const now = this.clock.now()
    const stoodMs = Math.max(0, now - waiting.since)
    this.document = {
      ...rest,
      ...(answered === undefined ? {} : { answered }),
      phase: phase && {
        ...phase,
        startedAt: phase.startedAt + stoodMs,
        deadlineAt: Math.round(now + leftMs),
      },
    }
    this.writes.now()
  }

  /** Moves the phase's deadline to `leftMs` from now; written where that makes a difference to the watchdog. */
  moveDeadline(leftMs: number): void {
    const { phase, waiting } = this.document
    const deadlineAt = Math.round(this.clock.now() + leftMs)
    if (phase === null || waiting !== undefined) return
    if (Math.abs(deadlineAt - phase.deadlineAt) < DEADLINE_DRIFT_MS) return
    this.document = { ...this.document, phase: { ...phase, deadlineAt } }
    this.writes.now()
  }

  /** That it was done is written with what comes next, or soon; any other end at once. */
  endPhase(status: PhaseRecord['status'], more: PhaseDetails = {}): void {
    this.goOn(0)
    const { phase, history } = this.document
    if (phase === null) return
    const { startedAt } = phase
    const record = { ...positionOf(phase), status, startedAt, endedAt: this.clock.now(), ...more }
    this.document = { ...this.document, phase: null, history: [...history, record] }
    if (status === 'done') this.writes.within()
    else this.writes.now()
    this.follower?.phaseEnded(status)
  }

  /** Writes what is still to be written: the last call of a process. */
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
