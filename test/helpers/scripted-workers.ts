import { join } from 'node:path'
import type { WorkerExit, WorkerProcess } from '../../lib/control/worker-process.ts'
import { assignmentFile } from '../../lib/control/worker-process.ts'
import type { ProjectPaths } from '../../lib/core/paths.ts'
import type { Assignment, WorkerDocument } from '../../lib/domain/documents.ts'
import type { Outcome, StopReason } from '../../lib/domain/outcome.ts'
import { writeJsonSync } from '../../lib/files/atomic-json.ts'
import { until } from './until.ts'

/** A worker without a process: it does what the test says, and keeps what is said to it. */
export class ScriptedWorker implements WorkerProcess {
  readonly pid = undefined
  readonly outputFile = ''
  readonly exited: Promise<WorkerExit>
  readonly stops: StopReason[] = []
  kills = 0
  gone = false
  readonly assignment: Assignment
  private readonly paths: ProjectPaths
  private readonly resolve: (exit: WorkerExit) => void

  constructor(paths: ProjectPaths, assignment: Assignment) {
    this.paths = paths
    this.assignment = assignment
    const { promise, resolve } = Promise.withResolvers<WorkerExit>()
    this.exited = promise
    this.resolve = resolve
    writeJsonSync(assignmentFile(paths, assignment.workerId), assignment)
  }

  stop(reason: StopReason): void {
    this.stops.push(reason)
  }

  kill(): void {
    this.kills++
  }

  /** Writes how it ended, as a worker does, and exits. */
  end(outcome: Outcome): void {
    const { workerId, jobId, attempt, member, members, workflow } = this.assignment
    const ref = { workerId, jobId, attempt, member, members, workflow }
    const document = { kind: 'outcome', version: 1, ...ref, endedAt: 1, outcome, history: [] }
    writeJsonSync(join(this.paths.results, `${workerId}.json`), document)
    this.exit(outcome.status === 'succeeded' || outcome.status === 'cancelled' ? 0 : 1)
  }

  exit(code: number | null, signal: string | null = null): void {
    this.gone = true
    this.resolve({ code, signal })
  }
}

/** All workers that a scheduler forked, oldest first. */
export class ScriptedWorkers {
  readonly all: ScriptedWorker[] = []
  private readonly paths: ProjectPaths

  constructor(paths: ProjectPaths) {
    this.paths = paths
  }

  readonly launch = (assignment: Assignment): WorkerProcess => {
    const worker = new ScriptedWorker(this.paths, assignment)
    this.all.push(worker)
    return worker
  }

  /** Waits until so many have been forked in all, and gives the last of them. */
  async forked(count: number): Promise<ScriptedWorker> {
    return until(`fork ${count}`, () => this.all[count - 1])
  }
}

export function workerDocument(assignment: Assignment, change: Partial<WorkerDocument> = {}): WorkerDocument {
  const { workerId, jobId, attempt, member, members, workflow } = assignment
  return {
    ...{ kind: 'worker', version: 1, workerId, jobId, attempt, member, members, workflow },
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
