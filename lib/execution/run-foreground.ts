import type { Page } from 'puppeteer'
import { systemClock } from '../core/time/clock.ts'
import type { Clock } from '../core/time/clock.ts'
import { tryWriting } from '../core/disk/try-writing.ts'
import { replaceFile } from '../core/disk/whole-file.ts'
import { messageOf } from '../core/errors/errors.ts'
import type { Json } from '../core/errors/errors.ts'
import { NO_SECRETS, secretsOfWorker } from '../model/worker/worker-secrets.ts'
import type { WorkerSecrets } from '../model/worker/worker-secrets.ts'
import { newId, newProfileName } from '../core/ids.ts'
import { secretsOfEnvironment, secretsOfInput } from '../core/text/redact.ts'
import { knownSecrets } from '../core/secrets/known-secrets.ts'
import { ProjectPaths } from '../core/process/paths.ts'
import type { LaunchProfile, MemberRef, WorkerDocument } from '../model/worker/documents.ts'
import type { LogLine } from '../model/log-line.ts'
import type { Outcome } from '../model/job/outcome.ts'
import { redactFiles } from '../files/redact-file.ts'
import { chromeFiles } from './browser/launch/chrome-files.ts'
import { openBrowser } from './browser/launch/open-browser.ts'
import { localCoordination } from './coordination/local.ts'
import { memberArtefacts } from './diagnostics/member-artefacts.ts'
import { redactOutput } from './diagnostics/redact-output.ts'
import { pageToShow, screenshot } from './diagnostics/screenshot.ts'
import { CallTracker } from './phases/call-tracker.ts'
import { handleUncaught } from './worker/uncaught.ts'
import { loadWorkflow } from '../loader/child/load-workflow.ts'
import { watchJob } from './resources/watch-job.ts'
import { recoveryPolicyOf, outcomeOf, runMember } from './worker/run-task.ts'
import type { RecoveryPolicy } from './worker/run-task.ts'
import { ForegroundRecording } from './trace/foreground-recording.ts'
import { MemberTrace } from './trace/member-trace.ts'
import { StopRequest } from './stop-request.ts'
import { createWorkerLog } from './worker/worker-log.ts'
import { WorkerState } from './worker/worker-state.ts'

export interface ForegroundOptions {
  /** Module file and name of the workflow. */
  readonly file: string
  readonly workflow: string
  readonly input: Json
  readonly launch: LaunchProfile
  /** Credentials of the proxy and of sites; none if omitted. */
  readonly access?: WorkerSecrets
  /** Root of the project. Its folders store Chrome's profile and output. */
  readonly root: string
  /** Receives every change of phase and step. */
  readonly onState?: (state: WorkerDocument) => void
  readonly onLog?: (line: LogLine) => void
  /** Stops the run. */
  readonly signal?: AbortSignal
  readonly abortGraceMs?: number
  /** Maximum size of the trace's recording in bytes; absent if no trace is recorded. */
  readonly traceBytes?: number
  readonly clock?: Clock
}

export interface ForegroundEnd {
  readonly outcome: Outcome
  /** Absolute path of the failure's screenshot; null if there is none. */
  readonly screenshot: string | null
  /** Absolute path of the trace; null if none was requested, or if it could not be saved. */
  readonly trace: string | null
  /** Absolute path of Chrome's output. */
  readonly chromeLog: string
}

/** Default time for the author's code to clean up after a stop. */
const ABORT_GRACE_MS = 1_000

/**
 * Number of the job, used only in messages, because nothing of this run is stored. Jobs in the
 * store are also numbered from 1.
 */
const ONLY_JOB = 1

/**
 * Runs a workflow in this process, without a scheduler or a store. The author's code runs in this
 * process too, and an uncaught error in it ends the run as it ends a worker.
 * @throws The system's error if the project's folders cannot be written.
 */
export async function runForeground(options: ForegroundOptions): Promise<ForegroundEnd> {
  const clock = options.clock ?? systemClock
  const { launch, access = NO_SECRETS } = options
  knownSecrets.add([
    ...secretsOfWorker(access),
    ...secretsOfEnvironment(process.env),
    ...secretsOfInput(options.input),
  ])
  const workerId = `w${newId(clock.now())}`
  const { workflow } = options
  const member: MemberRef = { workerId, jobId: ONLY_JOB, attempt: 1, member: 1, members: 1, workflow }
  const paths = new ProjectPaths(options.root)
  const stem = `foreground_${workerId}`
  const folders = chromeFiles(paths, stem, newProfileName(), clock.now())
  // Fails here, because a later error of a write would count as a failure of the workflow.
  await tryWriting(paths.profiles)
  const files = memberArtefacts(paths, stem, folders.output, clock.now())
  const log = createWorkerLog(member, clock, options.onLog ?? (() => undefined))
  const state = new WorkerState({
    workerId,
    log: files.inProject(files.log),
    clock,
    write: options.onState ?? (() => undefined),
  })
  state.beginJob(member, 'cold', files.inProject(files.log))
  const stop = new StopRequest()
  const askToStop = () => stop.request('cancelled')
  options.signal?.addEventListener('abort', askToStop, { once: true })
  if (options.signal?.aborted === true) askToStop()

  const recording = new ForegroundRecording(paths, files, options.traceBytes)
  const trace = new MemberTrace({
    order: recording.order,
    recording: recording.recording,
    member,
    clock,
    log,
  })
  const browser = openBrowser({ launch, access, folders, output: folders.output }, clock)
  const resources = watchJob(browser, () => state.browserPid, launch.limits, clock)
  let answer: RecoveryPolicy | undefined
  let failedOn: Page | undefined
  /** Outcome of the run; the first one stays. */
  let settled: Outcome | undefined
  const takeRedactionAway = redactOutput(true)
  const takeDefenceAway = handleUncaught({
    log: () => log,
    settled: () => settled !== undefined,
    fatal: thrown => {
      settled ??= outcomeOf(thrown, state.phase, stop, answer)
      stop.request('cancelled')
    },
    left: code => {
      log.error(`code in the process ended it with exit code ${code}: ${new Error('here').stack ?? ''}`)
    },
  })
  try {
    resources.begin()
    const ended = await runMember({
      member,
      input: options.input,
      workflow: async () => {
        const workflow = await loadWorkflow(options.file)
        answer = recoveryPolicyOf(workflow, log)
        return workflow
      },
      browser,
      calls: new CallTracker(),
      reusesPage: false,
      coordination: judge => localCoordination(judge, clock),
      store: undefined,
      pictures: '',
      state,
      log,
      clock,
      stop,
      abortGraceMs: options.abortGraceMs ?? ABORT_GRACE_MS,
      trace,
      failedOn: page => (failedOn = page),
      started: () => undefined,
    })
    const outcome = (settled ??= ended)
    const picture = await keepPicture(outcome)
    return { outcome, screenshot: picture, trace: await keepTrace(outcome), chromeLog: files.chromeLog }
  } finally {
    options.signal?.removeEventListener('abort', askToStop)
    resources.end()
    await browser.close()
    // Chrome's output bypasses the redaction of this process.
    await redactFiles([files.chromeLog], log)
    state.change({ state: 'exited' })
    // Last, because the end of the browser rejects pending promises.
    takeDefenceAway()
    takeRedactionAway()
  }

  async function keepTrace(outcome: Outcome): Promise<string | null> {
    try {
      return await recording.keep(outcome)
    } catch (error) {
      log.warn(`the trace could not be packed: ${messageOf(error)}`)
      return null
    }
  }

  async function keepPicture(outcome: Outcome): Promise<string | null> {
    if (!('error' in outcome)) return null
    try {
      const png = await screenshot(pageToShow(browser, failedOn), clock)
      if (png === undefined) return recording.keepLastFrame(outcome.phase)
      const path = files.screenshot(outcome.phase)
      replaceFile(path, png)
      return path
    } catch (error) {
      log.warn(`the picture could not be kept: ${messageOf(error)}`)
      return null
    }
  }
}
