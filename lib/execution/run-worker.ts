import { join } from 'node:path'
import { systemClock } from '../core/clock.ts'
import { ProjectPaths } from '../core/paths.ts'
import { Assignment, MemberRef } from '../domain/documents.ts'
import type { Outcome } from '../domain/outcome.ts'
import { readJsonSync, writeJsonSync } from '../files/atomic-json.ts'
import { secretsBeside, takeSecrets } from '../files/secrets-file.ts'
import { memberStem } from '../files/member-stem.ts'
import { recordingOf } from '../files/trace/recording.ts'
import { openBrowser } from './browser/open-browser.ts'
import type { Judge } from '../authoring/runnable.ts'
import type { Coordination } from './coordination/coordination.ts'
import type { WorkerStore } from './coordination/store-port.ts'
import { coordinationSoon } from './coordination/soon.ts'
import { storeCoordination } from './coordination/store-backed.ts'
import type { EarlyBrowser } from './early-browser.ts'
import { CrashRecorder } from './evidence/crash-recorder.ts'
import { memberFiles } from './evidence/member-files.ts'
import { setLastDefence } from './last-defence.ts'
import { sayReady, watchLifeline } from './lifeline.ts'
import { loadWorkflow } from './load-workflow.ts'
import { answerOf, outcomeOf, runMember } from './run-member.ts'
import { StopRequest } from './stop-request.ts'
import { MemberTrace } from './trace/member-trace.ts'
import { connectToStore } from './wiring.ts'
import type { WorkerArgs } from './worker-args.ts'
import { WorkerEnd } from './worker-end.ts'
import { appendTo, createWorkerLog } from './worker-log.ts'
import { WorkerState } from './worker-state.ts'

/**
 * A worker from its assignment to its exit code: 0 succeeded or stopped, 1 failed. `early` is its Chrome, when that was started already;
 * `leave` ends the process at once. Thrown with code `document-invalid`, before there is a log: an assignment that cannot be read.
 */
export async function runWorker(
  args: WorkerArgs,
  early: EarlyBrowser | undefined,
  leave: (code: number) => void,
): Promise<number> {
  const assignment = readJsonSync(args.assignment, Assignment)
  const access = takeSecrets(secretsBeside(args.assignment))
  const member = MemberRef.parse(assignment)
  const clock = systemClock
  const paths = new ProjectPaths(assignment.root)
  const files = early?.files ?? memberFiles(paths, memberStem(member), assignment.profile, clock.now())
  const log = createWorkerLog(member, clock, appendTo(files.log))
  const statePath = join(paths.workerStates, `${member.workerId}.json`)
  const state = new WorkerState({
    member,
    log: files.inProject(files.log),
    clock,
    write: document => writeJsonSync(statePath, document),
  })
  const stop = new StopRequest()
  const recorder = new CrashRecorder({ folder: paths.crashes, member, files, state, log, clock })
  const end = new WorkerEnd({ member, results: paths.results, state, log, recorder, stop, clock, leave })
  setLastDefence({ log, settled: () => end.settled, fatal: end.fatal, left: end.left })
  const askToStop: StopRequest['request'] = reason => {
    log.info(`asked to stop: ${reason}`)
    if (!end.settled) state.change({ state: 'stopping' })
    stop.request(reason)
  }
  if (args.supervised) watchLifeline({ onStop: askToStop, onLost: end.abandoned })

  let connection: Promise<WorkerStore> | undefined
  const connect = async (): Promise<WorkerStore> => {
    const store = await connectToStore(assignment.root)
    // The owner is gone: whoever is next resumes the job with another attempt.
    store.onLost(() => askToStop('shutdown'))
    return store
  }
  const store = () => (connection ??= connect())
  const coordinate = async (judge: Judge): Promise<Coordination> =>
    storeCoordination(await store(), member, judge, clock)
  const work = async (): Promise<Outcome> => {
    const spawn = { launch: assignment.launch, access, folders: files, output: files.chromeLog }
    const browser = openBrowser(spawn, clock, early?.chrome)
    end.browser = browser
    const trace = new MemberTrace({
      order: assignment.trace,
      recording: recordingOf(paths.recordings, memberStem(member)),
      member,
      clock,
      log,
    })
    return runMember({
      member,
      input: assignment.input,
      workflow: async () => {
        const workflow = await loadWorkflow(assignment.file)
        end.answer = answerOf(workflow, log)
        return workflow
      },
      browser,
      coordination: judge => coordinationSoon(coordinate(judge)),
      store,
      pictures: paths.pictures,
      state,
      log,
      clock,
      stop,
      abortGraceMs: assignment.abortGraceMs,
      trace,
      onReady: sayReady,
    })
  }
  return end.conclude(await work().catch((error: unknown) => outcomeOf(error, null, stop)))
}
