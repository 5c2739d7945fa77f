import { AutomateError, errorToRecord, messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { WorkerDocument } from '../domain/documents.ts'
import type { ClaimedJob, Job, JobSummary } from '../domain/job.ts'
import type { WorkflowDescription } from '../domain/workflow.ts'
import type { OutputOf } from '../store/operations/index.ts'
import type { Store } from '../store/store.ts'
import { decide, workersOf } from './decide.ts'
import type { Action, Mode } from './decide.ts'
import { forkMember } from './fork-member.ts'
import type { ForkDependencies } from './fork-member.ts'
import { keepRemains } from './keep-remains.ts'
import type { RemainsDependencies } from './keep-remains.ts'
import { LiveRun } from './live-run.ts'
import type { LiveMember } from './live-run.ts'
import { settle } from './settle.ts'
import type { WorkerExit } from './worker-process.ts'

/** After a turn that failed (a full disk, a store that is changing hands): soon, but not in a loop. */
const TURN_RETRY_MS = 1_000

/** The wall clock may jump (a suspended machine, a corrected clock), so it is looked at again this often; timers cannot be set beyond 24 days either. */
const LONGEST_SLEEP_MS = 30_000

export interface SchedulerDependencies extends ForkDependencies {
  readonly store: Store
  readonly log: Log
  readonly slots: number
  readonly packer: RemainsDependencies['packer']
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
  private claiming = 0
  private storeLost = false
  private forgetWake: () => void = () => undefined
  private readonly unsubscribe: () => void

  constructor(deps: SchedulerDependencies) {
    this.deps = deps
    this.unsubscribe = deps.store.onChange(() => {
      this.storeChanged = true
      this.wake()
    })
    void deps.store.closed.then(() => this.loseStore())
  }

  get currentMode(): Mode {
    return this.mode
  }

  /** Workers forked and not yet gone. */
  get active(): number {
    return [...this.runs.values()].reduce((sum, run) => sum + run.living.length, 0)
  }

  /** Jobs that are claimed, or just being claimed, and not yet settled. */
  get running(): number {
    return this.runs.size + this.claiming
  }

  /** Whether nothing is queued, running or due later. */
  get idle(): boolean {
    return this.runs.size === 0 && this.claimable.length === 0 && !this.storeChanged && this.turn === null
  }

  /** Changes the mode; from `draining` only `shutdown` follows, and from that nothing. */
  setMode(mode: Mode): void {
    if (this.mode === 'shutdown' || (this.mode === 'draining' && mode !== 'shutdown')) return
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
    member.hear(document, this.deps.clock.now())
    this.wake()
  }

  /** Another process may own the store now: what runs here is ended, and the next owner returns its jobs to the queue. */
  private loseStore(): void {
    if (this.ended) return
    this.storeLost = true
    this.deps.log.error(
      'The scheduler lost its database and ends its workers. The next scheduler goes on with their jobs.',
    )
    this.setMode('shutdown')
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
        this.sleep(wakeAt === null ? null : wakeAt - now)
      } while (this.again && !this.ended)
    } catch (error) {
      if (this.ended) return
      this.deps.log.error(`The scheduler could not take its turn, and tries again: ${messageOf(error)}`)
      this.sleep(TURN_RETRY_MS)
    }
  }

  /** Takes a turn after `ms`, null for never, if nothing else asks for one before. */
  private sleep(ms: number | null): void {
    this.forgetWake()
    this.forgetWake = () => undefined
    if (ms === null) return
    this.forgetWake = this.deps.clock.after(Math.max(1, Math.min(ms, LONGEST_SLEEP_MS)), () => {
      // What has fallen due meanwhile may go before what was due already.
      this.storeChanged = true
      this.wake()
    })
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
    if (!this.storeChanged || this.storeLost) return
    this.storeChanged = false
    try {
      const [claimable, news] = await Promise.all([
        this.deps.store.call('jobs.claimable', { limit: this.deps.slots + 1 }),
        this.deps.store.call('runs.news', {}),
      ])
      this.claimable = claimable
      this.hearNews(news)
    } catch (error) {
      this.storeChanged = true
      throw error
    }
  }

  private hearNews(news: OutputOf<'runs.news'>): void {
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
    // The mode may have changed while the actions before were performed.
    if (this.mode !== 'scheduling') return
    this.claiming++
    try {
      const job = await this.deps.store.call('jobs.claim', { id: jobId })
      this.storeChanged = true
      if (job !== null) await this.begin(job)
    } finally {
      this.claiming--
    }
  }

  private async begin(job: ClaimedJob): Promise<void> {
    const workflow = this.workflows.get(job.workflow)
    if (workflow === undefined) return this.refuse(job)
    const run = new LiveRun(job)
    this.runs.set(job.id, run)
    // Without workers it is settled at once, as interrupted.
    if (this.currentMode === 'shutdown') return
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
    const live = forkMember(this.deps, run.job, workflow, member, members)
    run.members.push(live)
    void live.process.exited.then(exit => this.collect(live, exit))
  }

  private async collect(member: LiveMember, exit: WorkerExit): Promise<void> {
    member.outcome = await keepRemains(this.deps, member, exit)
    this.storeChanged = true
    this.wake()
  }

  private async settle(jobId: number): Promise<void> {
    const run = this.runs.get(jobId)
    if (run === undefined) return
    if (this.storeLost) {
      this.runs.delete(jobId)
      return
    }
    const { state, ...rest } = settle(run, this.deps.clock.now(), this.deps.random())
    const finished = await this.deps.store.call('jobs.finish', {
      id: jobId,
      attempt: run.job.attempt,
      state,
      ...rest,
    })
    this.runs.delete(jobId)
    this.storeChanged = true
    this.deps.log.info(
      finished.applied
        ? `Job ${jobId} (${run.job.workflow}) ${finished.state ?? state}.`
        : `Job ${jobId}: a late end was refused.`,
      { jobId },
    )
  }
}
