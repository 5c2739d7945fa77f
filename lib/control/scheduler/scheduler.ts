import { messageOf } from '../../core/errors/errors.ts'
import type { WorkerDocument } from '../../model/worker/documents.ts'
import type { DomainPause } from '../../model/job/domains.ts'
import type { MissingWorkflow } from '../../model/job/missing-workflow.ts'
import type { JobSummary } from '../../model/job/job.ts'
import type { WorkflowDescription } from '../../model/job/workflow.ts'
import type { WorkerHandle } from '../machine/workers/worker-handle.ts'
import { isWriteRefused } from '../../store/write-refused.ts'
import { Dispatcher } from './dispatcher.ts'
import type { DispatcherDependencies } from './dispatcher.ts'
import { missingWords } from '../leader/queue/claim-errors.ts'
import { MissingWorkflows } from '../leader/queue/missing-workflows.ts'
import { decide } from '../decide/decide.ts'
import { AdmissionControl } from '../leader/admission/admission.ts'
import type { AdmissionDependencies } from '../leader/admission/admission.ts'
import { QueueCache } from '../leader/queue/queue-cache.ts'
import type { QueueCacheDependencies } from '../leader/queue/queue-cache.ts'
import { earliest, wakeFor } from '../decide/scheduler-view.ts'
import type { Action, Decision, Mode, Moment, SchedulerView } from '../decide/scheduler-view.ts'
import { ControlLoop } from '../control-loop.ts'
import { WorkerPool } from '../machine/workers/worker-pool.ts'
import type { KnownWorkflows } from '../workflow-catalogue.ts'

export interface SchedulerDependencies
  extends DispatcherDependencies, AdmissionDependencies, QueueCacheDependencies {
  /** Number of workers forked ahead of need. */
  readonly warm: number
  /**
   * Returns true if the package on disk, from which workers are forked, is still that of this
   * program. If absent, it always is.
   */
  readonly packageIsOwn?: () => boolean
  /**
   * Reads all workflows again. Called, for example, if a job asks for an unknown workflow, because
   * its file may just have been added.
   */
  readonly rereadWorkflows: () => void
  /** Called with the reason if jobs have been waiting long for a missing workflow. */
  readonly onWorkflowMissing?: (workflow: string, reason: string) => void
  /**
   * Makes a write to the database, and resolves with false if it was refused. When writes succeed
   * again, `setRefusing(false)` must be called. If absent, writes are never refused.
   */
  readonly takesWrites?: () => Promise<boolean>
  /** Called with the reason and the remedy if workers cannot be started. */
  readonly onForksFail?: (reason: string) => void
  /** Called after every turn that changed something. */
  readonly onChange: () => void
}

/**
 * Performs the actions of `decide`, one turn at a time. An event during a turn (a commit, a
 * document, an exit, a request of the operator) causes another turn.
 */
export class Scheduler {
  private readonly deps: SchedulerDependencies
  private readonly pool: WorkerPool
  private readonly jobs: Dispatcher
  private readonly limits: AdmissionControl
  private readonly queue: QueueCache
  private readonly turns: ControlLoop
  private readonly missing: MissingWorkflows
  /** Missing workflows of the last turn. */
  private missingNow: readonly MissingWorkflow[] = []
  private workflows: readonly WorkflowDescription[] = []
  private isComplete = false
  /** Ids of jobs for whose unknown workflows all files have been read again. */
  private readonly rereadAt = new Set<number>()
  private mode: Mode = 'paused'
  private urgent = false
  private isDiskLow = false
  private refusesWrites = false
  /** Time of the monotonic clock since which writes have succeeded; null while they are refused. */
  private writableSince: number | null
  private loggedFailure = ''
  private isRefused = false
  private ended = false
  private storeLost = false
  private readonly unsubscribe: () => void

  constructor(deps: SchedulerDependencies) {
    this.deps = deps
    this.writableSince = deps.clock.monotonic()
    this.missing = new MissingWorkflows(deps.paths.root, deps.scope !== undefined)
    this.turns = new ControlLoop({
      clock: deps.clock,
      take: () => this.takeTurn(),
      failed: thrown => {
        this.isRefused = isWriteRefused(thrown)
        this.logFailure(messageOf(thrown))
      },
      // A job that has become due may precede the jobs that were due before.
      due: () => this.queue.invalidateQueue(),
      rest: deps.onChange,
    })
    this.pool = new WorkerPool(deps, {
      ended: (member, result) => {
        this.jobs.ended.add(member, result)
        // The best offer must be read before the job is settled.
        this.queue.invalidateNews()
        this.wake()
      },
      notStarted: member => {
        this.jobs.reassign(member)
        this.wake()
      },
      closed: workerId => {
        void this.jobs.dropOrders(workerId)
        this.wake()
      },
      changed: () => this.wake(),
      forksFail: reason => deps.onForksFail?.(reason),
    })
    this.limits = new AdmissionControl(deps)
    this.jobs = new Dispatcher(
      deps,
      this.pool,
      () => this.limits.limits(this.jobs.proxyRoom),
      () => this.wake(),
    )
    this.jobs.isGone = name => this.isComplete && !this.missing.isAwaited(name, this.moment)
    this.jobs.onUnloaded = () => this.checkAgain()
    this.queue = new QueueCache(deps, this.limits, this.jobs)
    this.unsubscribe = deps.store.onChange(tables => {
      this.queue.onWrite(tables)
      this.wake()
    })
    void deps.store.closed.then(() => this.loseStore())
  }

  get currentMode(): Mode {
    return this.mode
  }

  /** Number of workers that have a job. */
  get active(): number {
    return this.jobs.active
  }

  /** Number of workers that are waiting for a job. */
  get waiting(): number {
    return this.pool.idle
  }

  /** Number of worker processes that have not exited. */
  get processes(): number {
    return this.pool.all.length
  }

  get workers(): readonly WorkerHandle[] {
    return this.pool.all
  }

  /** Number of jobs that are claimed, or being claimed, and not yet settled. */
  get running(): number {
    return this.jobs.running
  }

  /** Number of jobs with a worker that has not ended. */
  get working(): number {
    return this.jobs.all.filter(({ living }) => living.length > 0).length
  }

  /** Pauses that domains have asked for, and that are not over yet. */
  get holds(): readonly DomainPause[] {
    return this.limits.holds
  }

  /** Workflows that cannot be loaded now and that jobs wait for. */
  get missingWorkflows(): readonly MissingWorkflow[] {
    return this.missingNow
  }

  /** Number of workers that all proxies together can have now; undefined if nothing limits them. */
  get proxyRoom(): number | undefined {
    return this.jobs.proxyRoom?.workers
  }

  /**
   * Reason why no worker can be started, with the remedy; undefined while workers can be started.
   */
  get forkTrouble(): string | undefined {
    return this.pool.forks.trouble
  }

  /** True if the store refused a write in the last turn. */
  get isStoreRefusing(): boolean {
    return this.isRefused
  }

  /** True if nothing is queued, running or due later. */
  get idle(): boolean {
    const done = this.jobs.running === 0 && this.jobs.ended.stored && this.queue.claimable.length === 0
    return done && !this.limits.keepsBack && this.queue.fresh && this.turns.resting
  }

  /**
   * Changes the mode. After `draining`, only `shutdown` is accepted. After `shutdown`, no mode is.
   */
  setMode(mode: Mode): void {
    if (this.mode === 'shutdown' || (this.mode === 'draining' && mode !== 'shutdown')) return
    this.mode = mode
    this.wake()
  }

  /** Makes held browsers close as soon as a job needs their slots, from now on. */
  setUrgent(): void {
    this.urgent = true
    this.wake()
  }

  /**
   * Sets whether the disk is full. While it is full, no job is claimed, and workers need not
   * report.
   */
  setDiskLow(isDiskLow: boolean): void {
    this.isDiskLow = isDiskLow
    this.updateWritable()
  }

  /** Sets whether the database refuses writes. While it does, workers need not report. */
  setRefusing(refusing: boolean): void {
    this.refusesWrites = refusing
    this.updateWritable()
  }

  private updateWritable(): void {
    if (this.isDiskLow || this.refusesWrites) this.writableSince = null
    else this.writableSince ??= this.deps.clock.monotonic()
    this.wake()
  }

  /**
   * Sets the known workflows. `isComplete` is true if all files have been read. Until then, the
   * jobs of an unknown workflow wait. `isReload` is true if a change caused the reading, so that
   * the modules that workers have loaded may be out of date.
   */
  setWorkflows(known: KnownWorkflows, isComplete = true, isReload = true): void {
    const { workflows } = known
    this.isComplete = isComplete
    if (isComplete) {
      this.missing.update(known, this.moment)
      this.queue.invalidateQueue()
    }
    if (workflows !== this.workflows) {
      this.workflows = workflows
      this.jobs.workflows = new Map(workflows.map(workflow => [workflow.name, workflow]))
      this.limits.useWorkflows(workflows)
      if (isReload) this.pool.invalidate()
    }
    this.wake()
  }

  /** Makes existing workers redact the secrets of the current settings. */
  shareSecrets(): void {
    this.pool.shareSecrets()
  }

  /**
   * Receives a worker's document. The scheduler needs the deadline in it to detect a blocked
   * worker.
   */
  onWorkerState(document: WorkerDocument): void {
    if (this.pool.onState(document)) this.wake()
  }

  /** Requests a turn. */
  wake(): void {
    this.turns.wake()
  }

  /**
   * Ends the turns and the subscription to the store, after the current turn. Does not end running
   * workers, so call `setMode('shutdown')` first.
   */
  async close(): Promise<void> {
    this.ended = true
    this.unsubscribe()
    await this.turns.close()
    await this.jobs.close()
  }

  /**
   * Logs the failure of a turn. A failure that repeats in each turn, for example on a full disk, is
   * logged once.
   */
  private logFailure(why: string): void {
    if (why === this.loggedFailure) return
    this.loggedFailure = why
    this.deps.log.error(`The scheduler could not take its turn and will try again: ${why}`)
  }

  /**
   * Ends the workers, because another process may own the store now. The next owner of the store
   * returns the jobs to the queue.
   */
  private loseStore(): void {
    if (this.ended) return
    this.storeLost = true
    this.deps.log.error(
      'The scheduler lost its database and ends its workers. The next scheduler continues their jobs.',
    )
    this.setMode('shutdown')
  }

  private async takeTurn(): Promise<{ acted: boolean; wakeAt: number | null }> {
    this.jobs.ended.takeIn()
    // Read before the queue, so that a pause that ends while the queue is being read counts as over
    // for both or for neither.
    const { moment } = this
    this.checkMissing(moment)
    if (!this.storeLost) await this.queue.read(moment.now, new Set(this.missingNow.map(({ name }) => name)))
    this.missingNow = this.missingNow.filter(({ name }) => this.limits.waiting.has(name))
    this.checkUnknown(moment)
    if (this.claims && !this.isDiskLow && this.pool.forks.takeRetry()) this.pool.fork()
    const { actions, wakeAt } = await this.decideWritable(moment)
    this.jobs.ended.store()
    await this.performAll(actions)
    this.loggedFailure = ''
    this.isRefused = false
    const again = earliest(this.retryAt(moment), this.missing.dueAt(moment, this.claims && this.isComplete))
    return { acted: actions.length > 0, wakeAt: earliest(wakeAt, again) }
  }

  private get moment(): Moment {
    const { clock } = this.deps
    return { now: clock.now(), monotonic: clock.monotonic() }
  }

  /**
   * Returns the decision for this turn. Before a silent worker is killed, makes a write to check
   * that the worker was able to write its state.
   */
  private async decideWritable(moment: Moment): Promise<Decision> {
    const decision = this.decideTrusted(moment)
    const { takesWrites } = this.deps
    const judges = decision.actions.some(action => action.type === 'kill' && action.why !== 'did-not-stop')
    if (!judges || takesWrites === undefined) return decision
    if (!(await takesWrites())) this.setRefusing(true)
    return this.decideTrusted(moment)
  }

  /**
   * Returns the decision for this turn. Before a claim, checks that no other user can change the
   * project's code. The check reads the disk, so it is made only then.
   */
  private decideTrusted(moment: Moment): Decision {
    const decision = decide(this.view(), moment)
    const claims = decision.actions.some(({ type }) => type === 'claim')
    return claims && this.deps.trust?.check() === false ? decide(this.view(), moment) : decision
  }

  private view(): SchedulerView {
    const { slots, recycle } = this.deps
    const warm = this.deps.warm > 0 && this.jobs.useWarm ? this.deps.warm : 0
    const { warmAfter, all: workers } = this.pool
    const { urgent, isDiskLow, writableSince } = this
    const rests = isDiskLow || !this.claims || this.forkTrouble !== undefined
    const mode = this.mode === 'scheduling' && rests ? 'paused' : this.mode
    const waiting = new Set(this.missingNow.map(({ name }) => name))
    const claimable = this.queue.claimable.filter(
      job =>
        !waiting.has(job.workflow) && (this.isComplete || (this.knows(job) && !this.jobs.isUnloaded(job.id))),
    )
    const needs = this.jobs.needsOf(claimable)
    const limits = this.limits.limits(this.jobs.proxyRoom)
    const pool = { slots, warm, recycle, warmAfter, workers }
    return { mode, urgent, writableSince, ...pool, needs, claimable, runs: this.jobs.all, limits }
  }

  /** Returns the epoch ms of the next try to start a worker, or null if none is planned. */
  private retryAt(moment: Moment): number | null {
    const { retryAt } = this.pool.forks
    return retryAt === null || !this.claims || this.isDiskLow ? null : wakeFor(retryAt, moment)
  }

  /**
   * True if jobs may be claimed. It is false while another version is installed, whose workers
   * could not work with this scheduler, and while another user can change the code.
   */
  private get claims(): boolean {
    const { packageIsOwn, trust } = this.deps
    return this.mode === 'scheduling' && packageIsOwn?.() !== false && trust?.isTrusted !== false
  }

  private knows({ workflow }: JobSummary): boolean {
    return this.jobs.workflows.has(workflow)
  }

  /**
   * Updates the missing workflows that jobs wait for, and has the files read again from time to
   * time.
   */
  private checkMissing(moment: Moment): void {
    const { log } = this.deps
    const before = this.missingNow
    for (const name of this.missing.forgetOthers(this.limits.waiting))
      log.info(`Workflow "${name}" can be loaded again, so its jobs start.`)
    this.missingNow = this.missing.list(moment)
    const names = new Set(this.missingNow.map(({ name }) => name))
    if (before.length !== names.size || before.some(({ name }) => !names.has(name)))
      this.queue.invalidateQueue()
    for (const one of this.missingNow) {
      const words = missingWords(one)
      if (before.some(other => missingWords(other) === words)) continue
      log.warn(`The jobs of workflow "${one.name}" wait: ${words}`)
    }
    for (const one of this.missing.takeLong(moment))
      this.deps.onWorkflowMissing?.(one.name, missingWords(one))
    if (this.claims && this.isComplete && this.missing.takeLook(moment)) this.deps.rereadWorkflows()
  }

  /**
   * Reads the workflows again if there are new jobs of unknown workflows, before these jobs wait or
   * are refused.
   */
  private checkUnknown(moment: Moment): void {
    if (!this.isComplete || !this.claims) return
    const unknown = this.queue.claimable.filter(job => !this.knows(job) && !this.rereadAt.has(job.id))
    if (unknown.length === 0) return
    for (const { id } of unknown) this.rereadAt.add(id)
    this.limits.expect(unknown.map(({ workflow }) => workflow))
    this.missing.wait(
      unknown.map(({ workflow }) => workflow),
      moment,
    )
    this.checkAgain()
  }

  /** Reads the workflows again. Until they have been read, the jobs of unknown workflows wait. */
  private checkAgain(): void {
    this.isComplete = false
    this.deps.rereadWorkflows()
  }

  /**
   * Performs all actions concurrently, so that their store operations are committed together. If
   * actions fail, throws the first error after all actions have ended.
   */
  private async performAll(actions: readonly Action[]): Promise<void> {
    const performed = await Promise.allSettled(actions.map(action => this.perform(action)))
    for (const result of performed) if (result.status === 'rejected') throw result.reason
  }

  private async perform(action: Action): Promise<void> {
    if (action.type === 'claim') return this.claim(action.jobId)
    if (action.type === 'settle') return this.settle(action.jobId)
    if (action.type === 'stop') this.jobs.stop(action.workerId, action.reason)
    else if (action.type === 'kill') this.pool.kill(action.workerId, action.why)
    else if (action.type === 'reprieve') this.jobs.reprieve(action.workerId)
    else if (action.type === 'retire') this.pool.retire(action.workerId, action.why)
    else this.pool.fork()
  }

  private async claim(id: number): Promise<void> {
    // The mode may have changed during the previous actions.
    if (!this.claims || this.forkTrouble !== undefined) return
    const job = this.queue.claimable.find(one => one.id === id)
    if (job === undefined) return
    this.rereadAt.delete(id)
    // The store may have been slow, so the check of this turn may be out of date. A job that then
    // does not begin returns to the queue, and its attempt is not counted.
    await this.jobs.claim(job, () => this.currentMode !== 'shutdown' && this.deps.trust?.check() !== false)
    this.queue.invalidateQueue()
  }

  private async settle(id: number): Promise<void> {
    if (this.storeLost) {
      this.jobs.forget(id)
      return
    }
    await this.jobs.settle(id)
    this.queue.invalidateQueue()
  }
}
