import { join } from 'node:path'
import type { WorkerExit, WorkerProcess } from '../../../lib/control/machine/workers/worker-process.ts'
import { assignmentFile, launchFile } from '../../../lib/control/machine/workers/worker-process.ts'
import type { ProjectPaths } from '../../../lib/core/process/paths.ts'
import { Assignment } from '../../../lib/model/worker/documents.ts'
import type {
  LaunchDocument,
  MemberRef,
  OutcomeDocument,
  WorkerDocument,
} from '../../../lib/model/worker/documents.ts'
import type { FromWorker } from '../../../lib/model/worker/worker-ipc.ts'
import type { Outcome, StopReason } from '../../../lib/model/job/outcome.ts'
import { readJsonSync, writeJsonSync } from '../../../lib/files/documents/atomic-json.ts'
import { until } from '../until.ts'

/**
 * Worker without a process. It does what the test orders and records the messages that it receives.
 */
export class ScriptedWorker implements WorkerProcess {
  /** Number that no process has. */
  readonly pid = 2 ** 30
  /** File with the output of the worker's process, set by the test. */
  outputFile = ''
  readonly exited: Promise<WorkerExit>
  readonly stops: StopReason[] = []
  /** Secrets that the scheduler has sent to the worker for redaction. */
  readonly redacts: string[] = []
  kills = 0
  gone = false
  readonly launch: LaunchDocument
  /** Last assignment. */
  given: Assignment | undefined
  private readonly paths: ProjectPaths
  private readonly resolve: (exit: WorkerExit) => void
  private hear: (message: FromWorker) => void = () => undefined

  constructor(paths: ProjectPaths, launch: LaunchDocument) {
    this.paths = paths
    this.launch = launch
    const { promise, resolve } = Promise.withResolvers<WorkerExit>()
    this.exited = promise
    this.resolve = resolve
    writeJsonSync(launchFile(paths, launch.workerId), launch)
  }

  get assignment(): Assignment {
    if (this.given === undefined) throw new Error(`${this.launch.workerId} has no assignment`)
    return this.given
  }

  onMessage(listener: (message: FromWorker) => void): void {
    this.hear = listener
  }

  wake(): void {
    this.given = readJsonSync(assignmentFile(this.paths, this.launch.workerId), Assignment)
  }

  acknowledge(): void {
    // The scripted worker does not wait for acknowledgements.
  }

  redact(secrets: readonly string[]): void {
    this.redacts.push(...secrets)
  }

  /** Reports that the worker's browser is ready. */
  ready(): void {
    this.hear({ type: 'ready' })
  }

  stop(reason: StopReason): void {
    this.stops.push(reason)
  }

  kill(): void {
    this.kills++
  }

  /** Writes the outcome of its job, as a worker does, and exits. */
  end(outcome: Outcome): void {
    this.writes(outcome)
    this.exit(outcome.status === 'succeeded' || outcome.status === 'cancelled' ? 0 : 1)
  }

  /**
   * Sends the outcome of the worker's job over the channel, as if it could not be written, and
   * exits.
   */
  handOver(outcome: Outcome): void {
    this.hear({ type: 'outcome', document: this.documentOf(outcome, 0) })
    this.exit(outcome.status === 'succeeded' || outcome.status === 'cancelled' ? 0 : 1)
  }

  /** Writes the outcome of its job, and reports that the worker can take another job. */
  done(outcome: Outcome, memoryBytes = 0): void {
    const { jobId, attempt } = this.assignment
    this.writes(outcome, memoryBytes)
    this.hear({ type: 'done', job: { jobId, attempt } })
  }

  /** Writes the outcome of its job, and reports that its browser stays open for a person. */
  keepOpen(outcome: Outcome, until: number): void {
    const { jobId, attempt } = this.assignment
    this.writes(outcome)
    this.hear({ type: 'kept', job: { jobId, attempt }, until })
  }

  private writes(outcome: Outcome, memoryBytes = 0): void {
    const document = this.documentOf(outcome, memoryBytes)
    writeJsonSync(join(this.paths.results, `${document.workerId}.json`), document)
  }

  private documentOf(outcome: Outcome, memoryBytes: number): OutcomeDocument {
    const { workerId, jobId, attempt, member, members, workflow } = this.assignment
    const ref = { workerId, jobId, attempt, member, members, workflow }
    return { kind: 'outcome', version: 1, ...ref, endedAt: 1, outcome, history: [], memoryBytes }
  }

  exit(code: number | null, signal: string | null = null): void {
    this.gone = true
    this.resolve({ code, signal })
  }
}

/** All workers forked by a scheduler, oldest first. */
export class ScriptedWorkers {
  readonly all: ScriptedWorker[] = []
  private readonly paths: ProjectPaths

  constructor(paths: ProjectPaths) {
    this.paths = paths
  }

  readonly launch = (launch: LaunchDocument): WorkerProcess => {
    const worker = new ScriptedWorker(this.paths, launch)
    this.all.push(worker)
    return worker
  }

  /**
   * Waits until `count` workers have been forked and the last one has a job. Returns the last one.
   */
  async forked(count: number): Promise<ScriptedWorker> {
    return until(`fork ${count}`, () => {
      const worker = this.all[count - 1]
      return worker?.given === undefined ? undefined : worker
    })
  }
}

export function workerDocument(
  assignment: Pick<Assignment, keyof MemberRef | 'start'>,
  change: Partial<WorkerDocument> = {},
): WorkerDocument {
  const { workerId, jobId, attempt, member, members, workflow, start } = assignment
  return {
    ...{ kind: 'worker', version: 2, workerId },
    job: { jobId, attempt, member, members, workflow, start },
    jobs: 1,
    state: 'busy',
    pid: 1,
    processes: [],
    startedAt: 1,
    updatedAt: 1,
    phase: null,
    history: [],
    browser: null,
    url: null,
    memoryBytes: 0,
    log: 'logs/worker.log',
    outcome: null,
    ...change,
  }
}
