import { isDeepStrictEqual } from 'node:util'
import { messageOf } from '../../../core/errors/errors.ts'
import { newId, newProfileName } from '../../../core/ids.ts'
import { OTHER_BUILD_EXIT, PROGRAM } from '../../../core/process/program.ts'
import { NO_SECRETS, secretsOfWorker } from '../../../model/worker/worker-secrets.ts'
import type { WorkerSecrets } from '../../../model/worker/worker-secrets.ts'
import type { Assignment, LaunchDocument, WorkerDocument } from '../../../model/worker/documents.ts'
import type { FromWorker } from '../../../model/worker/worker-ipc.ts'
import { retryDelayMs } from '../../decide/backoff.ts'
import { buildSpec } from './worker-spec.ts'
import type { WorkerSpec } from './worker-spec.ts'
import { collectFinished, collectExited } from '../results/collect-result.ts'
import type { WorkerResult } from '../results/collect-result.ts'
import { AttemptMember } from './attempt.ts'
import { WorkerHandle } from './worker-handle.ts'
import { chooseWorker } from '../../decide/worker-view.ts'
import type { Requirements, RecycleLimits } from '../../decide/worker-view.ts'
import { redactFiles } from '../../../files/redact-file.ts'
import { printedBy } from './printed-files.ts'
import { JobSecrets } from './job-secrets.ts'
import type { KillReason, RetireReason } from '../../decide/scheduler-view.ts'
import { ForkHealth } from './fork-health.ts'
import type { MemberWork, PoolDependencies, PoolEvents } from './pool-dependencies.ts'
import { boundWorkerOutput } from './worker-output.ts'
import { documentOf, hasOutcome, tidyAfter } from './worker-files.ts'
import { neverStarted, writeAssignment } from './worker-process.ts'
import type { WorkerExit, WorkerProcess } from './worker-process.ts'

/** Time between the abort of a phase's signal and the forced close of its page. */
const ABORT_GRACE_MS = 2_000

/**
 * Manages the worker processes. Forks workers for a job or ahead of need, and gives each one job
 * after another, as far as the isolation of the workflow allows.
 */
export class WorkerPool {
  private readonly deps: PoolDependencies
  private readonly events: PoolEvents
  private readonly workers = new Map<string, WorkerHandle>()
  private readonly secrets: JobSecrets
  /** Tracks whether worker processes can be started. */
  readonly forks: ForkHealth
  private deaths = 0
  /**
   * Time of the monotonic clock before which no worker is forked ahead of need, because the last
   * workers died.
   */
  warmAfter = 0

  constructor(deps: PoolDependencies, events: PoolEvents) {
    this.deps = deps
    this.events = events
    this.secrets = new JobSecrets(deps.clock)
    const { clock, log, random } = deps
    this.forks = new ForkHealth({ clock, log, random, onFailing: reason => events.forksFail(reason) })
  }

  get all(): readonly WorkerHandle[] {
    return [...this.workers.values()]
  }

  /** Number of workers that are waiting for a job. */
  get idle(): number {
    return this.all.filter(({ idleSince }) => idleSince !== null).length
  }

  /** Spec of a warm worker, which has no proxy and all credentials of the project. */
  get standard(): WorkerSpec {
    return buildSpec(this.deps.launch, this.deps.sites, null)
  }

  /**
   * Forks a worker. Never throws. If the worker cannot be started, returns a worker that has
   * already exited.
   */
  fork({ launch, access, key }: WorkerSpec = this.standard): WorkerHandle {
    const { paths, clock } = this.deps
    const document: LaunchDocument = {
      kind: 'launch',
      version: 1,
      program: PROGRAM,
      workerId: `w${newId(clock.now())}`,
      root: paths.root,
      launch,
      profile: newProfileName(),
    }
    const { environment, fallback } = this.deps
    const hasOldSettings = () =>
      !isDeepStrictEqual([this.deps.environment, this.deps.fallback], [environment, fallback])
    const launched = this.started(document, access)
    if (launched.pid !== undefined) this.forks.succeed()
    const worker = new WorkerHandle(document, key, launched, clock.monotonic(), hasOldSettings)
    this.workers.set(worker.workerId, worker)
    worker.process.onMessage(message => this.onMessage(worker, message))
    void worker.process.exited.then(exit => this.exited(worker, exit))
    return worker
  }

  /** Assigns a member to the idle worker that fits it best, or to a new worker. */
  assign(work: MemberWork, need: Requirements, limits: RecycleLimits, spec: WorkerSpec): AttemptMember {
    const { paths, clock } = this.deps
    const chosen = chooseWorker(this.all, need, limits)
    const worker = chosen ?? this.fork(spec)
    const kept = worker.serves !== null
    const secrets = this.secrets.hold(worker.workerId, work.secrets)
    const assignment: Assignment = {
      kind: 'assignment',
      version: 2,
      workerId: worker.workerId,
      ...work.part,
      file: work.file,
      input: work.input,
      ...(secrets.length === 0 ? {} : { secrets: [...secrets] }),
      ...(worker.stems.length === 0 ? {} : { stemsBefore: [...worker.stems] }),
      ...(work.recovery === undefined ? {} : { recovery: work.recovery }),
      isolation: need.isolation,
      start: chosen === undefined ? 'cold' : kept ? 'reused' : 'warm',
      proxy: spec.proxy,
      abortGraceMs: ABORT_GRACE_MS,
      trace: this.deps.trace,
      keepForMs: this.deps.keepForMs,
    }
    const member = new AttemptMember(assignment, worker, clock.monotonic())
    worker.begin(member, { workflow: need.workflow, isolation: need.isolation })
    try {
      writeAssignment(paths, assignment)
      worker.process.wake()
    } catch (error) {
      worker.unassigned = { error }
      worker.kill('never-started', clock.monotonic())
    }
    return member
  }

  /** Applies a worker's document. Returns false if the pool has no such worker. */
  onState(document: WorkerDocument): boolean {
    const worker = this.workers.get(document.workerId)
    worker?.onState(document, this.deps.clock.monotonic())
    return worker !== undefined
  }

  /**
   * Marks the code that workers have loaded as out of date, because the workflows were read again.
   */
  invalidate(): void {
    for (const worker of this.workers.values()) if (worker.serves !== null) worker.hasStaleCode = true
  }

  /**
   * Sends the secrets and tokens of new settings to the existing workers. Their jobs continue, and
   * must not write a new secret to a file.
   */
  shareSecrets(): void {
    const secrets = secretsOfWorker({ ...NO_SECRETS, ...this.deps.fallback })
    for (const worker of this.workers.values()) worker.process.redact(secrets)
  }

  retire(workerId: string, why: RetireReason): void {
    const worker = this.workers.get(workerId)
    if (worker === undefined || worker.member !== null) return
    this.deps.log.debug(`Worker ${workerId} is retired (${why}) after ${worker.jobs} job(s).`, { workerId })
    worker.retire(this.deps.clock.monotonic())
  }

  kill(workerId: string, why: KillReason): void {
    const worker = this.workers.get(workerId)
    if (worker === undefined) return
    this.deps.log.warn(`Killing worker ${workerId}: ${why}.`, worker.member?.context ?? { workerId })
    this.readLastState(worker)
    worker.kill(why, this.deps.clock.monotonic())
  }

  private started(document: LaunchDocument, access: WorkerSecrets): WorkerProcess {
    try {
      return this.deps.launchWorker(document, { ...access, ...this.deps.fallback })
    } catch (error) {
      return neverStarted(error)
    }
  }

  private onMessage(worker: WorkerHandle, message: FromWorker): void {
    if (message.type === 'ready') {
      worker.ready = true
      this.forks.ready()
      if (message.build !== undefined && message.build !== PROGRAM.build) worker.hasStaleCode = true
      this.events.changed()
      return
    }
    if (message.type === 'crashed') {
      // The report is on disk, so this scheduler or the next one notifies people of it.
      worker.process.acknowledge(message.job)
      return
    }
    const { member } = worker
    if (message.type === 'log-failed') {
      const context = member?.context ?? { workerId: worker.workerId }
      this.deps.workerLogs?.fail(message.message, context)
      return
    }
    // The message is about an earlier job.
    if (
      member === null ||
      !member.is(message.type === 'outcome' ? message.document : message.job) ||
      member.outcome !== null
    )
      return
    if (message.type === 'outcome') {
      member.sent = message.document
      return
    }
    const { paths, clock, log } = this.deps
    const result = collectFinished(paths, member, clock.now(), log)
    if (message.type === 'kept') {
      // Uses the monotonic clock. The wall clock, by which people see this time, may be changed
      // before then.
      worker.keep(clock.monotonic() + (member.assignment.keepForMs ?? 0))
      member.keptOpen = true
    } else worker.rest(result.memoryBytes, clock.monotonic())
    this.end(member, result)
  }

  private async exited(worker: WorkerHandle, exit: WorkerExit): Promise<void> {
    const { paths, clock, log } = this.deps
    const { member, workerId } = worker
    const context = member?.context ?? { workerId }
    this.readLastState(worker)
    try {
      await worker.sweep()
    } catch (error) {
      log.error(
        `The remaining processes of worker ${workerId} could not be ended: ${messageOf(error)}`,
        context,
      )
    }
    const { outputFile } = worker.process
    boundWorkerOutput([outputFile], this.deps.launch.limits.outputBytes)
    await redactFiles(printedBy(paths, worker, new Date(clock.now())), log)
    const failure = failureToStart(worker, exit)
    if (failure !== undefined) this.forks.fail(failure.error)
    const notStarted =
      member !== null && (failure === undefined ? this.isNotStarted(member, exit) : member.stop === null)
    const result =
      member === null || notStarted
        ? null
        : collectExited(
            paths,
            {
              ...{ assignment: member.assignment, exit, outputFile, stop: member.stop },
              ...{ killed: member.killReason, sent: member.sent },
            },
            clock.now(),
            log,
          )
    tidyAfter(worker, result, paths, log)
    this.workers.delete(workerId)
    this.secrets.exited(workerId)
    if (worker.keptUntil !== null) this.events.closed(workerId)
    else if ((member === null || notStarted) && failure === undefined) this.onIdleExit(worker, exit)
    if (member !== null && notStarted) this.events.notStarted(member)
    else if (member !== null && result !== null) this.end(member, result)
    else this.events.changed()
  }

  private end(member: AttemptMember, result: WorkerResult): void {
    this.deaths = 0
    this.events.ended(member, result)
  }

  /**
   * True if a member has not begun and can be assigned to another worker. This holds for members of
   * reused and warm workers. The job of a cold worker fails with its worker, unless the worker is
   * of another version, or could not load files that a package manager was replacing.
   */
  private isNotStarted(member: AttemptMember, exit: WorkerExit): boolean {
    const { assignment, stop } = member
    if (stop !== null || (assignment.start === 'cold' && !this.isReplaced(exit))) return false
    if (member.sent !== undefined || hasOutcome(this.deps.paths, member)) return false
    const job = documentOf(this.deps.paths, assignment.workerId)?.job ?? null
    return job === null || !member.is(job)
  }

  private isReplaced({ code }: WorkerExit): boolean {
    return code === OTHER_BUILD_EXIT || this.deps.packageIsOwn?.() === false
  }

  /**
   * Applies the worker's last document. It may name a Chrome that was started after the last poll
   * and must be ended.
   */
  private readLastState(worker: WorkerHandle): void {
    const document = documentOf(this.deps.paths, worker.workerId)
    if (document !== undefined) worker.onState(document, this.deps.clock.monotonic())
  }

  /**
   * Delays the next warm worker after the death of an idle worker. No job is affected, but there is
   * no use in forking workers that keep dying.
   */
  private onIdleExit(worker: WorkerHandle, exit: WorkerExit): void {
    if (worker.stoppingAt !== null || this.isReplaced(exit)) return
    const { clock, log, random } = this.deps
    this.deaths++
    this.warmAfter = clock.monotonic() + retryDelayMs(this.deaths, random())
    const how = exit.signal ?? `exit code ${exit.code ?? 'unknown'}`
    log.warn(
      `Worker ${worker.workerId} ended while it waited for a job: ${how}. Another worker replaces it.`,
      {
        workerId: worker.workerId,
      },
    )
  }
}

/**
 * Returns the error that prevented the machine from starting a worker or from writing its
 * assignment; undefined if there was none. After such an error, no part of the job has begun.
 */
function failureToStart(worker: WorkerHandle, { spawnError }: WorkerExit): { error: unknown } | undefined {
  return spawnError === undefined ? worker.unassigned : { error: spawnError.cause ?? spawnError }
}
