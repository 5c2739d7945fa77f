import type { Clock } from '../core/clock.ts'
import { AutomateError, errorToRecord, messageOf } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import type { ProjectPaths } from '../core/paths.ts'
import type { Assignment, LaunchProfile, WorkerDocument } from '../domain/documents.ts'
import type { Job, JobSummary } from '../domain/job.ts'
import type { WorkflowDescription } from '../domain/workflow.ts'
import type { Store } from '../store/store.ts'
import { decide, workersOf } from './decide.ts'
import type { Action, Mode } from './decide.ts'
import { collectExit, removeSpent } from './exit-collector.ts'
import { LiveRun } from './live-run.ts'
import type { LiveMember } from './live-run.ts'
import { settle } from './settle.ts'
import type { WorkerLauncher } from './worker-process.ts'

/** How long a phase gets to end after its signal was aborted, before its page is closed under it. */
const ABORT_GRACE_MS = 2_000

/** After a turn that failed (a full disk, a store that is changing hands): soon, but not in a loop. */
const TURN_RETRY_MS = 1_000

export interface SchedulerDependencies {
  readonly store: Store
  readonly paths: ProjectPaths
  readonly clock: Clock
  readonly log: Log
  readonly launch: LaunchProfile
  readonly launchWorker: WorkerLauncher
  readonly slots: number
  /** In [0, 1); spreads retries. */
  readonly random: () => number
  /** Called after every turn in which something changed. */
  readonly onChange: () => void
}

/**
 * Performs what `decide` says. One turn at a time: whatever is heard meanwhile (a commit, a document, an exit, a wish of the operator) asks for another turn.
 */
export class Scheduler {
  private readonly deps: SchedulerDependencies
  private readonly runs = new Map<number, LiveRun>()
  private workflows = new Map<string, WorkflowDescription>()
  private claimable: readonly JobSummary[] = []
  private storeChanged = true
  private mode: Mode = 'paused'
  private turn: Promise<void> | null = null
  private again = false
  private ended = false
  private forgetWake: () => void = () => undefined
  private readonly unsubscribe: () => void

  constructor(deps: SchedulerDependencies) {
    this.deps = deps
    this.unsubscribe = deps.store.onChange(() => {
      this.storeChanged = true
      this.wake()
    })
  }

  get currentMode(): Mode {
    return this.mode
  }

  /** Workers forked and not yet gone. */
  get active(): number {
    return [...this.runs.values()].reduce((sum, run) => sum + run.living.length, 0)
  }

  /** Jobs that are claimed and not yet settled. */
  get running(): number {
    return this.runs.size
  }

  /** Whether nothing is queued, running or due later. */
  get idle(): boolean {
    return this.runs.size === 0 && this.claimable.length === 0 && !this.storeChanged && this.turn === null
  }

  setMode(mode: Mode): void {
    if (this.mode === 'shutdown') return
    this.mode = mode
    this.wake()
  }

  setWorkflows(workflows: readonly WorkflowDescription[]): void {
    this.workflows = new Map(workflows.map(workflow => [workflow.name, workflow]))
    this.wake()
  }

  /** What a worker's document says now; the watchdog reads its deadline. */
  heard(document: WorkerDocument): void {
    const member = this.runs.get(document.jobId)?.members.find(one => one.workerId === document.workerId)
    if (member === undefined) return
    member.seenAt ??= this.deps.clock.now()
    member.mustAnswerAt = document.phase === null ? null : document.phase.deadlineAt + ABORT_GRACE_MS
    member.processes = document.processes
    this.wake()
  }

  /** Asks for a turn. */
  wake(): void {
    if (this.ended) return
    if (this.turn !== null) {
      this.again = true
      return
    }
    this.turn = this.takeTurns().finally(() => {
      this.turn = null
      if (this.again) this.wake()
      else this.deps.onChange()
    })
  }

  /** Stops listening, after the running turn. Running workers are not touched: use the mode `shutdown` first. */
  async close(): Promise<void> {
    this.ended = true
    this.unsubscribe()
    this.forgetWake()
    await this.turn
  }

  private async takeTurns(): Promise<void> {
    try {
      do {
        this.again = false
        await this.refresh()
        const now = this.deps.clock.now()
        const { actions, wakeAt } = decide(this.view(), now)
        for (const action of actions) await this.perform(action)
        if (actions.length > 0) this.again = true
        this.forgetWake()
        this.forgetWake =
          wakeAt === null
            ? () => undefined
            : this.deps.clock.after(Math.max(1, wakeAt - now), () => this.wake())
      } while (this.again && !this.ended)
    } catch (error) {
      if (this.ended) return
      this.deps.log.error(`The scheduler could not take its turn, and tries again: ${messageOf(error)}`)
      this.storeChanged = true
      this.forgetWake()
      this.forgetWake = this.deps.clock.after(TURN_RETRY_MS, () => this.wake())
    }
  }

  private view() {
    return {
      mode: this.mode,
      slots: this.deps.slots,
      claimable: this.claimable,
      runs: [...this.runs.values()],
    }
  }

  private async refresh(): Promise<void> {
    if (!this.storeChanged) return
    this.storeChanged = false
    const [claimable, news] = await Promise.all([
      this.deps.store.call('jobs.claimable', { limit: this.deps.slots + 1 }),
      this.deps.store.call('runs.news', {}),
    ])
    this.claimable = claimable
    for (const { id, cancelRequested, best } of news) {
      const run = this.runs.get(id)
      if (run === undefined) continue
      run.cancelRequested = cancelRequested
      run.best = best
    }
  }

  private async perform(action: Action): Promise<void> {
    switch (action.type) {
      case 'claim':
        return this.claim(action.jobId)
      case 'settle':
        return this.settle(action.jobId)
      case 'stop': {
        const member = this.member(action.workerId)
        member?.askToStop(action.reason, this.deps.clock.now())
        return
      }
      case 'kill': {
        const member = this.member(action.workerId)
        if (member === undefined) return
        this.deps.log.warn(`Killing worker ${member.workerId}: ${action.why}.`, member.context)
        member.kill(action.why, this.deps.clock.now())
        return
      }
    }
  }

  private member(workerId: string): LiveMember | undefined {
    for (const run of this.runs.values()) {
      const member = run.members.find(one => one.workerId === workerId)
      if (member !== undefined) return member
    }
    return undefined
  }

  private async claim(jobId: number): Promise<void> {
    const job = await this.deps.store.call('jobs.claim', { id: jobId })
    this.storeChanged = true
    if (job === null) return
    const workflow = this.workflows.get(job.workflow)
    if (workflow === undefined) return this.refuse(job)
    const run = new LiveRun(job)
    this.runs.set(job.id, run)
    const members = workersOf(job, this.deps.slots)
    for (let member = 1; member <= members; member++) this.fork(run, workflow, member, members)
    this.deps.log.info(
      `Job ${job.id} (${job.workflow}) starts, attempt ${job.attempt}, ${members} worker(s).`,
      {
        jobId: job.id,
      },
    )
  }

  private async refuse(job: Job): Promise<void> {
    const error = new AutomateError(
      'workflow-missing',
      `There is no workflow "${job.workflow}" in this project now. Put its file back into the workflows folder and retry the job.`,
    )
    await this.deps.store.call('jobs.finish', {
      id: job.id,
      attempt: job.attempt,
      state: 'failed',
      error: errorToRecord(error),
    })
    this.deps.log.error(error.message, { jobId: job.id })
  }

  private fork(run: LiveRun, workflow: WorkflowDescription, member: number, members: number): void {
    const now = this.deps.clock.now()
    const assignment: Assignment = {
      kind: 'assignment',
      version: 1,
      workerId: `w${newId(now)}`,
      jobId: run.job.id,
      attempt: run.job.attempt,
      member,
      members,
      workflow: workflow.name,
      file: workflow.file,
      root: this.deps.paths.root,
      input: run.job.input,
      launch: this.deps.launch,
      abortGraceMs: ABORT_GRACE_MS,
    }
    const live = run.add(assignment, this.deps.launchWorker(assignment), now)
    void live.process.exited.then(exit => this.collect(live, exit))
  }

  private async collect(member: LiveMember, exit: Awaited<LiveMember['process']['exited']>): Promise<void> {
    const { store, paths, log, clock } = this.deps
    await member.sweep()
    const remains = collectExit(
      paths,
      {
        assignment: member.assignment,
        exit,
        outputFile: member.process.outputFile,
        stop: member.stop?.reason ?? null,
        killed: member.killReason,
      },
      clock.now(),
      log,
    )
    if (remains.lateReport !== null)
      log.info(`Late report, not counted: ${remains.lateReport}`, member.context)
    if (remains.crash !== null) log.error(remains.crash.document.error.message, member.context)
    try {
      // Asked together, they are one commit and one sync.
      await Promise.all([
        store.call('members.record', remains.member),
        store.call('discoveries.release', { workerId: member.workerId }),
        remains.crash === null ? undefined : store.call('crashes.record', remains.crash),
      ])
      removeSpent(remains.spent, log)
    } catch (error) {
      // The documents stay: the next scheduler reads them at its start.
      log.error(
        `What worker ${member.workerId} left could not be stored: ${messageOf(error)}`,
        member.context,
      )
    }
    member.outcome = remains.outcome
    this.storeChanged = true
    this.wake()
  }

  private async settle(jobId: number): Promise<void> {
    const run = this.runs.get(jobId)
    if (run === undefined) return
    const { state, ...rest } = settle(run, this.deps.clock.now(), this.deps.random())
    const { applied } = await this.deps.store.call('jobs.finish', {
      id: jobId,
      attempt: run.job.attempt,
      state,
      ...rest,
    })
    this.runs.delete(jobId)
    this.storeChanged = true
    this.deps.log.info(
      applied ? `Job ${jobId} (${run.job.workflow}) ${state}.` : `Job ${jobId}: a late end was refused.`,
      { jobId },
    )
  }
}
