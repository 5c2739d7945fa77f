import type { ErrorCode } from '../../core/errors/error-codes.ts'
import { errorToRecord, messageOf } from '../../core/errors/errors.ts'
import type { AutomateError } from '../../core/errors/errors.ts'
import { isUnresolved } from '../../model/job/job.ts'
import type { ClaimedJob, JobSummary } from '../../model/job/job.ts'
import { MemberPart } from '../../model/worker/documents.ts'
import type { StopReason } from '../../model/job/outcome.ts'
import { redactRecord } from '../../model/failure/redact-crash.ts'
import { secretsOfJob } from '../../model/secrets/schema-passwords.ts'
import { USUAL_SWARM } from '../../model/job/workflow.ts'
import type { WorkflowDescription } from '../../model/job/workflow.ts'
import type { OutputOf } from '../../store/operations/index.ts'
import type { Store } from '../../store/store.ts'
import { MAX_SECRETS, tooManySecrets, workflowMissing } from '../leader/queue/claim-errors.ts'
import { failUnclaimed } from '../leader/queue/fail-unclaimed.ts'
import { workersOf } from '../decide/concurrency.ts'
import type { ClaimLimits } from '../decide/concurrency.ts'
import type { WorkerSpec } from '../machine/workers/worker-spec.ts'
import { ResultWriter } from '../machine/results/result-writer.ts'
import type { StoreResultDependencies } from '../machine/results/store-result.ts'
import { Attempt } from '../machine/workers/attempt.ts'
import type { AttemptMember } from '../machine/workers/attempt.ts'
import { Provisioner } from './provisioner.ts'
import type { Provision, ProvisionerDependencies } from './provisioner.ts'
import type { Requirements, RecycleLimits } from '../decide/worker-view.ts'
import { settle } from '../decide/settle.ts'
import type { Settlement } from '../decide/settle.ts'
import { storeSettlement } from '../machine/results/store-settlement.ts'
import type { WorkerPool } from '../machine/workers/worker-pool.ts'
import type { TrustCheck } from '../project-trust.ts'
import type { MemberWork, PoolDependencies } from '../machine/workers/pool-dependencies.ts'

/** Error codes of a worker that cannot load a workflow's module. */
const LOAD_FAILURES: ReadonlySet<ErrorCode> = new Set(['workflow-missing', 'workflow-invalid'])

/**
 * Maximum number of remembered wait reasons. All are forgotten when it is reached, because nothing
 * else removes the reasons of cancelled jobs.
 */
const MOST_TOLD = 1_000

export interface DispatcherDependencies extends PoolDependencies, ProvisionerDependencies {
  readonly store: Store
  readonly packer: StoreResultDependencies['packer']
  readonly slots: number
  readonly recycle: RecycleLimits
  /** Check of the project's code. If absent, the code is always trusted. */
  readonly trust?: TrustCheck
}

/** Runs the jobs that this scheduler has claimed, from the claim to the end of the attempt. */
export class Dispatcher {
  private readonly deps: DispatcherDependencies
  private readonly pool: WorkerPool
  readonly ended: ResultWriter
  private readonly provisioner: Provisioner
  private readonly specs = new WeakMap<AttemptMember, WorkerSpec>()
  private readonly runs = new Map<number, Attempt>()
  /**
   * Wait reasons that were logged, by job. A waiting job is checked every few seconds, and the same
   * reason is logged once.
   */
  private readonly loggedWaits = new Map<number, string>()
  /**
   * Ids of jobs whose workers could not load their workflows. Each job returns to the queue for
   * this reason only once.
   */
  private readonly unloaded = new Set<number>()
  /** Pending readings of the proxy list that deferred jobs wait for. */
  private readonly awaited = new Set<Promise<void>>()
  private claiming = 0
  workflows: ReadonlyMap<string, WorkflowDescription> = new Map()
  /** Returns true if the jobs of an unknown workflow fail. Otherwise they wait for it. */
  isGone: (workflow: string) => boolean = () => true
  /** Called if a worker could not load the module of a known workflow. */
  onUnloaded: () => void = () => undefined
  private readonly limits: () => ClaimLimits

  /** `onStored` is called after each write of a worker's result to the store. */
  constructor(
    deps: DispatcherDependencies,
    pool: WorkerPool,
    limits: () => ClaimLimits,
    onStored: () => void,
  ) {
    this.deps = deps
    this.limits = limits
    this.pool = pool
    this.provisioner = new Provisioner(deps)
    this.ended = new ResultWriter(
      deps,
      ({ member, result }) => this.provisioner.ended(member, result.outcome),
      onStored,
    )
  }

  get all(): readonly Attempt[] {
    return [...this.runs.values()]
  }

  /** Number of jobs that are claimed, or being claimed, and not yet settled. */
  get running(): number {
    return this.runs.size + this.claiming
  }

  /** Number of members that have not ended. */
  get active(): number {
    return this.all.reduce((sum, run) => sum + run.living.length, 0)
  }

  /** Capacity of the proxies, and the workflows that use them; null if nothing limits them. */
  get proxyRoom(): ClaimLimits['proxies'] {
    return this.provisioner.capacity(this.workflows.values())
  }

  /**
   * True if a workflow can use a warm worker. Before the workflows are known, they are expected to
   * use proxies if the project has any.
   */
  get useWarm(): boolean {
    const { key } = this.pool.standard
    const workflows = [...this.workflows.values()]
    if (workflows.length === 0) return !this.provisioner.mayWait
    return workflows.some(one => this.provisioner.plannedKey(one) === key)
  }

  /** Returns the requirements for a worker of each known workflow among these jobs, by workflow. */
  needsOf(jobs: readonly JobSummary[]): ReadonlyMap<string, Requirements> {
    const workflows = new Set(jobs.flatMap(({ workflow }) => this.workflows.get(workflow) ?? []))
    return new Map(
      [...workflows].map(one => [one.name, this.needOf(one, this.provisioner.plannedKey(one))] as const),
    )
  }

  /**
   * Claims a job and assigns its workers. If `begins` returns false after the claim, the job is
   * settled as interrupted instead.
   */
  async claim(job: JobSummary, begins: () => boolean): Promise<void> {
    this.claiming++
    try {
      const claim = await this.tryClaim(job)
      if (claim !== undefined) await this.begin(claim.job, claim.ahead, begins)
    } finally {
      this.claiming--
    }
  }

  /** Removes the pending commands for a worker that has exited. */
  async dropOrders(workerId: string): Promise<void> {
    const { store, log } = this.deps
    try {
      await store.call('worker-commands.drop', { workerId })
    } catch (error) {
      log.debug(
        `The open commands for worker ${workerId} could not be removed from the database: ${messageOf(error)}`,
      )
    }
  }

  /** Applies the cancel requests and the best offers that the store has for the running jobs. */
  onNews(news: OutputOf<'runs.news'>): void {
    for (const { id, cancelRequested, best } of news) {
      const run = this.runs.get(id)
      if (run === undefined) continue
      run.cancelRequested = cancelRequested
      run.best = best
    }
  }

  stop(workerId: string, reason: StopReason): void {
    const { clock } = this.deps
    const moment = { now: clock.now(), monotonic: clock.monotonic() }
    this.livingIn(workerId)?.askToStop(reason, moment)
  }

  /** Extends the time limit of a worker. */
  reprieve(workerId: string): void {
    const member = this.livingIn(workerId)
    if (member !== undefined) member.reprievedAt = this.deps.clock.monotonic()
  }

  private livingIn(workerId: string): AttemptMember | undefined {
    return this.all.flatMap(run => run.living).find(one => one.workerId === workerId)
  }

  /**
   * Assigns a member's part of a job to another worker, because the member's worker ended before it
   * began. The job is not affected. No worker can take the part while another version of the
   * package is installed, no process can be started, or another user can change the project's code.
   * The job then returns to the queue or, if it has several workers, continues without this one.
   */
  reassign(member: AttemptMember): void {
    const { assignment } = member
    const { jobId, workflow, file, input } = assignment
    const run = this.runs.get(jobId)
    const known = this.workflows.get(workflow)
    const place = run?.members.indexOf(member) ?? -1
    if (run === undefined || place === -1) return
    const part = MemberPart.parse(assignment)
    const spec = this.specs.get(member) ?? this.pool.standard
    const { packageIsOwn, trust } = this.deps
    const unable =
      packageIsOwn?.() === false || this.pool.forks.trouble !== undefined || trust?.check() === false
    if (known === undefined || unable) {
      const reason = unable && run.members.length > 1 ? 'sibling-failed' : 'restart'
      member.outcome = { status: 'cancelled', reason, phase: null }
      void this.provisioner.ended(member, member.outcome)
    } else
      run.members[place] = this.assign(
        { part, file, input, secrets: secretsOfJob(known.inputSchema, input) },
        known,
        spec,
      )
  }

  /** Decides the end of an attempt and writes it to the store. */
  async settle(id: number): Promise<void> {
    const { store, clock, random, log } = this.deps
    const run = this.runs.get(id)
    if (run === undefined) return
    run.proxies = await this.provisioner.remaining(run.job, run.members)
    const settlement = this.unlessUnloaded(run, settle(run, clock.now(), random()))
    const finished = await storeSettlement(store, log, run.job, settlement, !isReported(run, settlement))
    this.runs.delete(id)
    const end = finished.applied
      ? `Job ${id} (${run.job.workflow}) ${finished.state ?? settlement.state}.`
      : `Job ${id}: a late result was rejected.`
    log.info(end, { jobId: id })
  }

  /** True if a job can start only after the workflows have been read again. */
  isUnloaded(id: number): boolean {
    return this.unloaded.has(id)
  }

  /**
   * Returns the settlement, or `interrupted` if a worker could not load the workflow for the first
   * time. The files may have changed between the claim and the worker's start, so the job waits
   * until they have been read again. It fails only if they can be read and a worker still cannot
   * load them.
   */
  private unlessUnloaded({ job, members }: Attempt, settlement: Settlement): Settlement {
    const isUnloaded =
      settlement.state === 'failed' &&
      LOAD_FAILURES.has(settlement.error.code) &&
      members.some(({ assignment }) => assignment.file === settlement.error.facts['file'])
    const isFirst = isUnloaded && !this.unloaded.has(job.id)
    if (!isFirst) {
      this.unloaded.delete(job.id)
      return settlement
    }
    this.unloaded.add(job.id)
    this.onUnloaded()
    return { state: 'interrupted' }
  }

  /** Ignores later lists of proxies, and waits until the results of the workers are stored. */
  async close(): Promise<void> {
    this.provisioner.close()
    await this.ended.close()
  }

  /** Forgets a job without settling it, because another scheduler owns the store. */
  forget(id: number): void {
    this.runs.delete(id)
  }

  /**
   * Provisions a job before its claim, because it may have to wait for a proxy. Returns undefined
   * if no job has to wait, or if the job or its workflow is unknown.
   */
  private async provisionAhead(id: number): Promise<Provision | undefined> {
    if (!this.provisioner.mayWait) return undefined
    const job = await this.deps.store.call('jobs.read', { id })
    const workflow = job === null ? undefined : this.workflows.get(job.workflow)
    if (job === null || workflow === undefined) return undefined
    return this.provisioner.provision(job, workflow, workersOf(job, this.deps.slots, this.limits()))
  }

  /**
   * Claims a job. Returns undefined if it was not claimed, because it must wait, is no longer
   * claimable, or failed.
   */
  private async tryClaim(
    summary: JobSummary,
  ): Promise<{ job: ClaimedJob; ahead: Provision | undefined } | undefined> {
    const { store, log } = this.deps
    const { id } = summary
    const workflow = this.workflows.get(summary.workflow)
    let ahead: Provision | undefined
    let job: ClaimedJob | null = null
    try {
      if (isUnresolved(summary) && workflow !== undefined) {
        // The job is claimed in a later turn, which takes the stored number of workers and the
        // stored domains into account.
        await store.call('jobs.resolve', { id, ...decidedBy(workflow) })
        return undefined
      }
      ahead = await this.provisionAhead(id)
      if (ahead?.type === 'wait') await this.defer(id, ahead)
      else {
        const rules = workflow && (workflow.swarm ?? USUAL_SWARM)
        job = await store.call('jobs.claim', { id, quorum: rules?.quorum })
      }
    } catch (thrown) {
      await failUnclaimed(store, log, id, thrown)
    } finally {
      if (job === null) this.provisioner.release(ahead)
    }
    return job === null ? undefined : { job, ahead }
  }

  private async defer(
    id: number,
    { until, why, reason, cause, sooner }: Extract<Provision, { type: 'wait' }>,
  ): Promise<void> {
    await this.deps.store.call('jobs.defer', { id, until, reason })
    if (sooner !== undefined) this.releaseAfter(sooner)
    if (cause === null || this.loggedWaits.get(id) === cause) return
    if (this.loggedWaits.size >= MOST_TOLD) this.loggedWaits.clear()
    this.loggedWaits.set(id, cause)
    this.deps.log.warn(`Job ${id} ${why}.`, { jobId: id })
  }

  /**
   * Makes the deferred jobs due once the list of proxies has been read. Called after each deferral
   * is stored, so that a list that has already arrived makes the job due too.
   */
  private releaseAfter(answer: Promise<void>): void {
    if (this.awaited.has(answer)) return
    this.awaited.add(answer)
    void answer.then(async () => {
      this.awaited.delete(answer)
      try {
        await this.deps.store.call('jobs.release', {})
      } catch (error) {
        this.deps.log.debug(`The jobs that wait for proxies will be checked later: ${messageOf(error)}`)
      }
    })
  }

  private async begin(job: ClaimedJob, ahead: Provision | undefined, begins: () => boolean): Promise<void> {
    const workflow = this.workflows.get(job.workflow)
    // From here on, the attempt must be settled. If that fails, a later turn repeats it.
    const run = new Attempt(job, this.deps.clock.monotonic(), workflow?.swarm)
    this.runs.set(job.id, run)
    this.loggedWaits.delete(job.id)
    if (workflow === undefined || isUnresolved(job)) {
      this.provisioner.release(ahead)
      // The workflow may have been known when the job was chosen, or may have been added since.
      const isGone = workflow === undefined && this.isGone(job.workflow)
      return isGone ? this.refuse(run, workflowMissing(job)) : this.settle(job.id)
    }
    const secrets = secretsOfJob(workflow.inputSchema, job.input)
    if (secrets.length > MAX_SECRETS) {
      this.provisioner.release(ahead)
      return this.refuse(run, tooManySecrets(job, secrets.length))
    }
    const provision =
      ahead ??
      (await this.provisioner.provision(job, workflow, workersOf(job, this.deps.slots, this.limits())))
    if (provision.type === 'refuse') return this.refuse(run, provision.error)
    if (provision.type === 'wait') {
      // There was no provision before the claim, because the workflow was not known then.
      await this.settle(job.id)
      return this.defer(job.id, provision)
    }
    if (!begins()) {
      this.provisioner.release(provision)
      return
    }
    const members = provision.specs.length
    for (const [place, spec] of provision.specs.entries()) {
      const part = {
        ...{ jobId: job.id, attempt: job.attempt, member: place + 1, members, workflow: job.workflow },
        ...(job.attemptStartedAt === null ? {} : { attemptStartedAt: job.attemptStartedAt }),
      }
      run.members.push(this.assign({ part, file: workflow.file, input: job.input, secrets }, workflow, spec))
    }
    const starts = Map.groupBy(run.members, ({ assignment }) => assignment.start)
    const count = members === 1 ? '1 worker' : `${members} workers`
    const workers = [...starts].map(([start, { length }]) => `${length} ${start}`).join(', ')
    this.deps.log.info(
      `Job ${job.id} (${job.workflow}) starts, attempt ${job.attempt}, ${count}: ${workers}.`,
      { jobId: job.id },
    )
    await this.provisioner.begin(provision.specs)
  }

  private assign(work: MemberWork, workflow: WorkflowDescription, spec: WorkerSpec): AttemptMember {
    const { recovery } = workflow
    const answered = recovery === undefined ? work : { ...work, recovery }
    const need = this.needOf(workflow, spec.key)
    const member = this.pool.assign(answered, need, this.deps.recycle, spec)
    this.specs.set(member, spec)
    return member
  }

  private needOf({ name, isolation }: WorkflowDescription, key: string): Requirements {
    return { workflow: name, isolation, launchKey: key }
  }

  private async refuse(run: Attempt, error: AutomateError): Promise<void> {
    // The stack would show the code that detected the failure, which says nothing about the cause.
    run.refusal = redactRecord({ ...errorToRecord(error), stack: `${error.name}: ${error.message}` })
    this.deps.log.error(error.message, { jobId: run.job.id })
    await this.settle(run.job.id)
  }
}

/** Returns a workflow's defaults for the values that the caller of a job can set. */
function decidedBy({ workers, retries, domains, inputSchema }: WorkflowDescription) {
  return { workers, retries, inputSchema, ...(domains === undefined ? {} : { domains }) }
}

/** True if the error of a settlement is one that a worker has reported, or if there is no error. */
function isReported({ members }: Attempt, settlement: Settlement): boolean {
  if (!('error' in settlement)) return true
  return members.some(
    ({ outcome }) => outcome !== null && 'error' in outcome && outcome.error === settlement.error,
  )
}
