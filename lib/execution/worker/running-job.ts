import type { Clock } from '../../core/time/clock.ts'
import type { ProjectPaths } from '../../core/process/paths.ts'
import { redactKnown as redact, secretsOfInput } from '../../core/text/redact.ts'
import { knownSecrets } from '../../core/secrets/known-secrets.ts'
import type { WorkerSecrets } from '../../model/worker/worker-secrets.ts'
import { MemberRef } from '../../model/worker/documents.ts'
import type { Assignment, LaunchProfile } from '../../model/worker/documents.ts'
import type { AttemptRef } from '../../model/worker/worker-ipc.ts'
import type { Outcome, StopReason } from '../../model/job/outcome.ts'
import { memberStem } from '../../files/artefact-stem.ts'
import { recordingOf } from '../../files/trace/recording.ts'
import { isStopped } from '../../platform/process/process-identity.ts'
import type { BrowserMemory } from '../browser/reuse/browser-memory.ts'
import type { ResourceWatch } from '../resources/resource-watch.ts'
import type { BrowserManager } from '../browser/reuse/browser-manager.ts'
import type { Lease } from '../browser/reuse/lease.ts'
import { CrashRecorder } from '../diagnostics/crash-recorder.ts'
import { FallbackNotifier } from '../diagnostics/fallback-notifier.ts'
import { reportFatalErrors } from '../diagnostics/fatal-report.ts'
import { memberArtefacts } from '../diagnostics/member-artefacts.ts'
import { CallTracker } from '../phases/call-tracker.ts'
import { MemberTrace } from '../trace/member-trace.ts'
import { HeldBrowser, wantsHold, whyNotHeld } from '../browser/reuse/held-browser.ts'
import { reportLogFailure, sendToParent } from './parent-channel.ts'
import { loadWorkflow } from '../../loader/child/load-workflow.ts'
import { MemberEnd } from './task-outcome.ts'
import { recoveryPolicyOf, outcomeOf, runMember } from './run-task.ts'
import { PendingWork } from '../pending-work.ts'
import { StopRequest } from '../stop-request.ts'
import type { StoreLink } from '../store-link.ts'
import type { WorkerEnd } from './worker-shutdown.ts'
import { appendTo, createWorkerLog } from './worker-log.ts'
import type { WorkerLog } from './worker-log.ts'
import type { WorkerState } from './worker-state.ts'

/**
 * Longest wait for interrupted code, which usually ends soon after its page is closed. If it
 * continues longer, the process is not reused for another job.
 */
const LEFTOVER_LIMIT_MS = 1_000

export interface RunningJobOptions {
  readonly assignment: Assignment
  readonly paths: ProjectPaths
  readonly launch: LaunchProfile
  readonly access: WorkerSecrets
  /** True if there is a parent to report to. */
  readonly supervised: boolean
  readonly clock: Clock
  readonly browsers: BrowserManager
  readonly state: WorkerState
  readonly store: StoreLink
  readonly memory: BrowserMemory
  readonly resources: ResourceWatch
  readonly workerEnd: WorkerEnd
}

/** One job in a worker, from its assignment to the end of its cleanup. */
export class RunningJob {
  private readonly options: RunningJobOptions
  private readonly request = new StopRequest()
  private readonly member: MemberRef
  private readonly work = new PendingWork()
  private readonly calls = new CallTracker()
  private readonly lease: Lease
  private readonly log: WorkerLog
  private readonly end: MemberEnd
  private readonly fallback: FallbackNotifier | undefined

  constructor(options: RunningJobOptions) {
    const { assignment, paths, clock, browsers, state, workerEnd, access, supervised } = options
    this.options = options
    this.member = MemberRef.parse(assignment)
    const { member } = this
    knownSecrets.addShared([...secretsOfInput(assignment.input), ...(assignment.secrets ?? [])])
    const stem = memberStem(member)
    this.lease = browsers.lease(assignment.isolation, stem)
    const { browser } = this.lease
    const files = memberArtefacts(paths, stem, this.lease.files.output, clock.now())
    reportFatalErrors(paths.logs('crashdumps', new Date(clock.now())), stem)
    const { outputBytes: limitBytes } = options.launch.limits
    const logFile = {
      ...{ path: files.log, limitBytes, onFailure: reportLogFailure },
      ensureFolder: (path: string) => paths.ensureFolder(path),
    }
    this.log = createWorkerLog(member, clock, appendTo(logFile))
    state.beginJob(member, assignment.start, files.inProject(files.log))
    const recorder = new CrashRecorder({
      ...{ folder: paths.crashes, member, files, state, log: this.log, clock, redact },
    })
    if (supervised && access.telling !== undefined) {
      const { telling } = access
      const { log } = this
      const controlRuns = () => process.connected && !isStopped(process.ppid)
      this.fallback = new FallbackNotifier({
        ...{ settings: telling, paths, member, redact, clock, log, send: sendToParent, controlRuns },
      })
    }
    this.end = new MemberEnd({
      ...{ member, browser, state, recorder, clock, fallback: this.fallback },
      log: this.log,
      send: sendToParent,
      results: paths.results,
      stop: this.request,
    })
    workerEnd.job = { end: this.end, log: this.log }
  }

  is({ jobId, attempt }: AttemptRef): boolean {
    return this.member.jobId === jobId && this.member.attempt === attempt
  }

  /** Passes on the parent's acknowledgement of a crash. */
  onAcknowledged(job: AttemptRef): void {
    if (this.is(job)) this.fallback?.onAcknowledged()
  }

  stop(reason: StopReason): void {
    this.log.info(`asked to stop: ${reason}`)
    if (!this.end.settled) this.options.state.change({ state: 'stopping' })
    this.request.request(reason)
  }

  /**
   * Runs the job, settles its outcome and removes its traces. `stays` is true if the worker can run
   * another job, and the parent has been notified. `mayStay` is called at the end.
   */
  async run(mayStay: () => boolean): Promise<{ outcome: Outcome; stays: boolean }> {
    const { state, memory, resources, workerEnd, assignment } = this.options
    memory.follow()
    resources.begin()
    const outcome = await this.perform()
    memory.rest()
    // The browser's processes still hold the job's memory.
    if (assignment.isolation !== 'process') await memory.measure()
    await this.end.conclude(outcome)
    this.log.info(`worker ended: ${outcome.status}`)
    const wasHeld = await this.keepOpen(outcome)
    resources.end()
    if (wasHeld) return { outcome, stays: false }
    const replaced = outcome.status === 'cancelled' && outcome.reason === 'restart'
    if (assignment.isolation === 'process' || replaced || !mayStay()) {
      state.change({ state: 'stopping', outcome: outcome.status })
      return { outcome, stays: false }
    }
    const clean = outcome.status === 'succeeded'
    // After a success the cleanup runs while the parent already chooses the next job.
    if (clean) this.sendDone()
    const warning = await this.lease.release(this.leftover(clean))
    if (warning !== undefined) this.log[warning.severe ? 'warn' : 'info'](warning.text)
    const stays = clean || (await this.work.ended(LEFTOVER_LIMIT_MS, this.options.clock))
    if (!stays) {
      this.log.warn('code of the job still runs after its end, so the process is not reused')
      state.change({ state: 'stopping', outcome: outcome.status })
    } else if (!clean) this.sendDone()
    workerEnd.job = undefined
    return { outcome, stays }
  }

  /** Returns the reason for which the next job must not have the page of this one. */
  private leftover(succeeded: boolean): string | undefined {
    if (!succeeded) return 'its job failed'
    return this.calls.isPending ? 'a call of the job is still pending' : undefined
  }

  /**
   * Holds the browser open for a while if the failure's recovery requires this and a person can
   * reach the browser. Returns true if the browser was held open.
   */
  private async keepOpen(outcome: Outcome): Promise<boolean> {
    const { assignment, paths, clock, state, store, launch } = this.options
    const { keepForMs } = assignment
    const { lease, log, request, member } = this
    if (keepForMs === undefined || !wantsHold(outcome) || request.signal.aborted) return false
    const page = lease.browser.livePage()
    const hindrance = whyNotHeld(launch, page)
    if (page === undefined || hindrance !== undefined) {
      log.warn(`the browser is not held open, because ${hindrance ?? ''}`)
      return false
    }
    const { jobId, attempt } = member
    const since = clock.now()
    const until = Math.round(since + keepForMs)
    const kept = new HeldBrowser({
      ...{ workerId: member.workerId, clock, log, pictures: paths.pictures, context: page.browserContext() },
      store: () => store.store(),
      over: AbortSignal.any([request.signal, lease.browser.lost]),
    })
    state.keep(outcome.status, { since, until })
    sendToParent({ type: 'kept', job: { jobId, attempt }, until })
    log.info(`the browser is held open for at most ${keepForMs / 1_000} s`)
    await kept.closed
    log.info('the held browser is closed')
    state.letGo()
    return true
  }

  private sendDone(): void {
    const { jobId, attempt } = this.member
    sendToParent({ type: 'done', job: { jobId, attempt } })
  }

  private async perform(): Promise<Outcome> {
    const { assignment, paths, clock, state, store } = this.options
    const { member, log, request } = this
    const trace = new MemberTrace({
      order: assignment.trace,
      recording: recordingOf(paths.recordings, memberStem(member)),
      ...{ member, clock, log },
    })
    try {
      return await runMember({
        trace,
        ...{ member, state, log, clock },
        input: assignment.input,
        workflow: async () => {
          const workflow = await loadWorkflow(assignment.file)
          this.end.answer = recoveryPolicyOf(workflow, log)
          return workflow
        },
        browser: this.lease.browser,
        calls: this.calls,
        reusesPage: assignment.isolation === 'page',
        coordination: judge => store.coordination(member, judge, clock),
        store: () => store.store(),
        pictures: paths.pictures,
        stop: request,
        abortGraceMs: assignment.abortGraceMs,
        failedOn: page => (this.end.failedOn = page),
        started: work => this.work.add(work),
      })
    } catch (error) {
      return outcomeOf(error, null, request)
    }
  }
}
