import { join } from 'node:path'
import { systemClock } from '../../core/time/clock.ts'
import { systemCode } from '../../core/errors/errors.ts'
import { ProjectPaths } from '../../core/process/paths.ts'
import { PROGRAM } from '../../core/process/program.ts'
import { secretsOfEnvironment } from '../../core/text/redact.ts'
import { knownSecrets } from '../../core/secrets/known-secrets.ts'
import { secretsOfWorker } from '../../model/worker/worker-secrets.ts'
import { LaunchDocument } from '../../model/worker/documents.ts'
import type { AttemptRef } from '../../model/worker/worker-ipc.ts'
import type { StopReason } from '../../model/job/outcome.ts'
import { readJsonSync, writeJsonSync } from '../../files/documents/atomic-json.ts'
import { secretsBeside, takeSecrets } from '../../files/secrets-file.ts'
import { processTreeUsage } from '../../platform/process/process-tree-usage.ts'
import { AssignmentInbox } from './assignment-inbox.ts'
import { BrowserMemory } from '../browser/reuse/browser-memory.ts'
import { watchJob } from '../resources/watch-job.ts'
import { BrowserManager } from '../browser/reuse/browser-manager.ts'
import { ChromeLogs } from '../browser/launch/chrome-logs.ts'
import type { PrelaunchedBrowser } from '../browser/reuse/prelaunch.ts'
import { memberArtefacts } from '../diagnostics/member-artefacts.ts'
import { redactOutput } from '../diagnostics/redact-output.ts'
import { handleUncaught } from './uncaught.ts'
import { loadAhead } from '../load-ahead.ts'
import { reportLogFailure, sendToParent, listenToParent } from './parent-channel.ts'
import { readOrder } from './read-command.ts'
import { RunningJob } from './running-job.ts'
import { StoreLink } from '../store-link.ts'
import type { WorkerArgs } from './worker-args.ts'
import { WorkerEnd } from './worker-shutdown.ts'
import { appendTo, createWorkerLog } from './worker-log.ts'
import { WorkerState } from './worker-state.ts'

/**
 * Runs a worker from its launch to its exit code: runs assignments one after the other while their
 * isolation allows it, or until it is asked to stop. Returns 0 if its last job succeeded or was
 * stopped, and 1 if it failed. `spawned` is the worker's first Chrome, if it was started already;
 * `leave` ends the process at once.
 * @throws `document-invalid` if a launch or an assignment cannot be read; `config-invalid` if
 * another user owns it or may write it.
 */
export async function runWorker(
  args: WorkerArgs,
  spawned: PrelaunchedBrowser | undefined,
  leave: (code: number) => void,
): Promise<number> {
  const launch = readJsonSync(args.launch, LaunchDocument, readOrder)
  const access = takeSecrets(secretsBeside(args.launch), readOrder)
  knownSecrets.addShared([...secretsOfWorker(access), ...secretsOfEnvironment(process.env)])
  redactOutput()
  const { workerId } = launch
  const loaded = loadAhead(launch.launch)
  const clock = systemClock
  const paths = new ProjectPaths(launch.root)
  const inbox = new AssignmentInbox(join(paths.assignments, `${workerId}.json`), readOrder)
  const own = memberArtefacts(paths, `worker_${workerId}`, '', clock.now())
  const ensureFolder = (path: string) => paths.ensureFolder(path)
  const { outputBytes: limitBytes } = launch.launch.limits
  const log = createWorkerLog(
    { workerId },
    clock,
    appendTo({ path: own.log, limitBytes, ensureFolder, onFailure: reportLogFailure }),
  )
  const statePath = join(paths.workerStates, `${workerId}.json`)
  const state = new WorkerState({
    workerId,
    log: own.inProject(own.log),
    clock,
    write: document => {
      try {
        writeJsonSync(statePath, document)
      } catch (error) {
        // A failed write must not end the work, and the next update is written once the system
        // accepts it.
        if (systemCode(error) === undefined) throw error
      }
    },
  })
  const chromeLogs = new ChromeLogs(log)
  knownSecrets.watchOwn(chromeLogs.markAll)
  const browsers = new BrowserManager({
    chromeLogs,
    launch,
    access,
    paths,
    clock,
    early: spawned,
    onOpened: ({ pid, version, devtools }, profile) => {
      state.show({ pid, version, profile, devtools })
      loaded.then(
        () => sendToParent({ type: 'ready', build: PROGRAM.build }),
        () => undefined,
      )
    },
  })
  const end = new WorkerEnd({ state, browsers, log, leave })
  handleUncaught({ log: () => end.log, settled: () => end.settled, fatal: end.fatal, left: end.left })

  const memory = new BrowserMemory({
    clock,
    measure: async () => (state.browserPid === null ? undefined : processTreeUsage(state.browserPid)),
    onMeasured: use => state.measured(use),
  })
  const resources = watchJob(browsers, () => state.browserPid, launch.launch.limits, clock)

  // The owner has ended, and its successor resumes the job with another attempt.
  const store = new StoreLink(launch.root, () => askToStop('shutdown'))

  let running: RunningJob | undefined
  /**
   * Stop order for a job that is not running, because it has ended or has not been accepted yet.
   */
  let early: { readonly reason: StopReason; readonly job: AttemptRef } | undefined
  const askToStop = (reason: StopReason, job?: AttemptRef) => {
    if (job === undefined) {
      inbox.close()
      store.stopWaiting()
    }
    if (job === undefined || running?.is(job) === true) running?.stop(reason)
    else early = { reason, job }
  }
  if (args.supervised) {
    listenToParent({
      onStop: askToStop,
      onWake: () => inbox.wake(),
      onAcknowledged: job => running?.onAcknowledged(job),
      onSecrets: secrets => knownSecrets.addShared(secrets),
      onDisconnect: end.abandoned,
    })
  }
  browsers.warmUp()
  await loaded
  let failed = false
  for (;;) {
    if (!inbox.filled) state.idle()
    const assignment = await inbox.next()
    if (assignment === undefined) break
    running = new RunningJob({
      assignment,
      launch: launch.launch,
      access,
      supervised: args.supervised,
      paths,
      clock,
      browsers,
      state,
      store,
      memory,
      resources,
      workerEnd: end,
    })
    if (early !== undefined && running.is(early.job)) running.stop(early.reason)
    const { outcome, stays } = await running.run(() => !inbox.closed && end.reusable)
    failed = 'error' in outcome
    running = undefined
    if (!stays) break
  }
  return end.leave(failed)
}
