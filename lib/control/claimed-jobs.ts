import { AutomateError, errorToRecord, messageOf } from '../core/errors.ts'
import type { ClaimedJob } from '../domain/job.ts'
import type { StopReason } from '../domain/outcome.ts'
import type { WorkflowDescription } from '../domain/workflow.ts'
import type { OutputOf } from '../store/operations/index.ts'
import type { Store } from '../store/store.ts'
import type { Remains } from './exit-collector.ts'
import { keepRemains } from './keep-remains.ts'
import type { RemainsDependencies } from './keep-remains.ts'
import { LiveRun } from './live-run.ts'
import type { LiveMember } from './live-run.ts'
import type { Need, RecycleLimits } from './pooled-worker.ts'
import { workersOf } from './scheduler-view.ts'
import { settle } from './settle.ts'
import type { MemberWork, PoolDependencies, WorkerPool } from './worker-pool.ts'

export interface ClaimedJobsDependencies extends PoolDependencies {
  readonly store: Store
  readonly packer: RemainsDependencies['packer']
  readonly slots: number
  readonly recycle: RecycleLimits
}

/** The jobs that this scheduler has claimed, from the claim to the end of the attempt. */
export class ClaimedJobs {
  private readonly deps: ClaimedJobsDependencies
  private readonly pool: WorkerPool
  private readonly onStored: () => void
  private readonly runs = new Map<number, LiveRun>()
  private readonly keeping = new Set<Promise<void>>()
  private ended: { readonly member: LiveMember; readonly remains: Remains }[] = []
  private claiming = 0
  workflows: ReadonlyMap<string, WorkflowDescription> = new Map()

  /** `onStored` is called when something that has ended is in the store. */
  constructor(deps: ClaimedJobsDependencies, pool: WorkerPool, onStored: () => void) {
    this.deps = deps
    this.pool = pool
    this.onStored = onStored
  }

  get all(): readonly LiveRun[] {
    return [...this.runs.values()]
  }

  /** Jobs that are claimed, or just being claimed, and not yet settled. */
  get running(): number {
    return this.runs.size + this.claiming
  }

  /** Members that have not ended. */
  get active(): number {
    return this.all.reduce((sum, run) => sum + run.living.length, 0)
  }

  /** Whether what has ended is in the store, too. */
  get stored(): boolean {
    return this.keeping.size === 0
  }

  /** What the jobs of each known workflow ask of a worker. */
  get needs(): ReadonlyMap<string, Need> {
    return new Map([...this.workflows.values()].map(one => [one.name, this.needOf(one)]))
  }

  /** Claims a job and gives its members to workers; with `begins` false when the claim is done, to none: it is settled at once, as interrupted. */
  async claim(id: number, begins: () => boolean): Promise<void> {
    this.claiming++
    try {
      const job = await this.deps.store.call('jobs.claim', { id })
      if (job !== null) await this.begin(job, begins)
    } finally {
      this.claiming--
    }
  }

  /** A member has ended. It counts from the next `takeIn` on, so that what was read of the store after that is not older. */
  keep(member: LiveMember, remains: Remains): void {
    this.ended.push({ member, remains })
    const kept = keepRemains(this.deps, member, remains).then(() => {
      this.keeping.delete(kept)
      this.onStored()
    })
    this.keeping.add(kept)
  }

  /** Drops what is still asked of a worker that is gone. */
  async dropOrders(workerId: string): Promise<void> {
    const { store, log } = this.deps
    try {
      await store.call('orders.drop', { workerId })
    } catch (error) {
      log.debug(`What was still asked of worker ${workerId} stays in the store: ${messageOf(error)}`)
    }
  }

  /** Takes in which members have ended. */
  takeIn(): void {
    for (const { member, remains } of this.ended) member.outcome = remains.outcome
    this.ended = []
  }

  /** Takes in what the operator and the workers have said in the store. */
  hear(news: OutputOf<'runs.news'>): void {
    for (const { id, cancelRequested, best } of news) {
      const run = this.runs.get(id)
      if (run === undefined) continue
      run.cancelRequested = cancelRequested
      run.best = best
    }
  }

  stop(workerId: string, reason: StopReason): void {
    const members = this.all.flatMap(run => run.living)
    members.find(one => one.workerId === workerId)?.askToStop(reason, this.deps.clock.now())
  }

  /** Its worker was gone before it began: another one gets it, and the job does not notice. */
  employAgain(member: LiveMember): void {
    const { assignment } = member
    const { jobId, attempt, members, workflow, file, input } = assignment
    const run = this.runs.get(jobId)
    const known = this.workflows.get(workflow)
    const place = run?.members.indexOf(member) ?? -1
    if (run === undefined || place === -1) return
    const part = { jobId, attempt, member: assignment.member, members, workflow }
    if (known === undefined) member.outcome = { status: 'cancelled', reason: 'restart', phase: null }
    else run.members[place] = this.employ({ part, file, input }, known)
  }

  /** Ends an attempt in the store. */
  async settle(id: number): Promise<void> {
    const { store, clock, random, log } = this.deps
    const run = this.runs.get(id)
    if (run === undefined) return
    const { attempt, workflow } = run.job
    const { state, ...rest } = settle(run, clock.now(), random())
    const finished = await store.call('jobs.finish', { id, attempt, state, ...rest })
    this.runs.delete(id)
    const end = finished.applied
      ? `Job ${id} (${workflow}) ${finished.state ?? state}.`
      : `Job ${id}: a late end was refused.`
    log.info(end, { jobId: id })
  }

  /** Another scheduler has the store: how it ended here is nobody's concern. */
  forget(id: number): void {
    this.runs.delete(id)
  }

  /** Resolves when what has ended is in the store. */
  async close(): Promise<void> {
    await Promise.all(this.keeping)
  }

  private async begin(job: ClaimedJob, begins: () => boolean): Promise<void> {
    const workflow = this.workflows.get(job.workflow)
    if (workflow === undefined) return this.refuse(job)
    const run = new LiveRun(job)
    this.runs.set(job.id, run)
    if (!begins()) return
    const members = workersOf(job, this.deps.slots)
    for (let member = 1; member <= members; member++) {
      const part = { jobId: job.id, attempt: job.attempt, member, members, workflow: job.workflow }
      run.members.push(this.employ({ part, file: workflow.file, input: job.input }, workflow))
    }
    const starts = Map.groupBy(run.members, ({ assignment }) => assignment.start)
    const workers = [...starts].map(([start, { length }]) => `${length} ${start}`).join(', ')
    this.deps.log.info(
      `Job ${job.id} (${job.workflow}) starts, attempt ${job.attempt}, ${members} worker(s): ${workers}.`,
      { jobId: job.id },
    )
  }

  private employ(work: MemberWork, workflow: WorkflowDescription): LiveMember {
    const { recovery } = workflow
    const answered = recovery === undefined ? work : { ...work, recovery }
    return this.pool.employ(answered, this.needOf(workflow), this.deps.recycle)
  }

  /** All jobs are started with one launch profile today; what makes a difference between them belongs into its key. */
  private needOf({ name, isolation }: WorkflowDescription): Need {
    return { workflow: name, isolation, launchKey: this.pool.warmKey }
  }

  private async refuse(job: ClaimedJob): Promise<void> {
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
}
