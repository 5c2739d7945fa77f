import { fork } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { AutomateError, messageOf } from '../../../core/errors/errors.ts'
import { entryPath } from '../../../core/process/entry-path.ts'
import type { ProjectPaths } from '../../../core/process/paths.ts'
import { knownSecrets } from '../../../core/secrets/known-secrets.ts'
import { secretsOfWorker } from '../../../model/worker/worker-secrets.ts'
import type { WorkerSecrets } from '../../../model/worker/worker-secrets.ts'
import type { Assignment, LaunchDocument } from '../../../model/worker/documents.ts'
import { FromWorker } from '../../../model/worker/worker-ipc.ts'
import type { AttemptRef, ToWorker } from '../../../model/worker/worker-ipc.ts'
import type { StopReason } from '../../../model/job/outcome.ts'
import { writeJsonSync } from '../../../files/documents/atomic-json.ts'
import { secretsBeside, writeSecrets } from '../../../files/secrets-file.ts'
import { killTree } from '../../../platform/process/kill-tree.ts'
import type { Reaper } from '../../../platform/reaper/reaper.ts'

const WORKER_ENTRY = entryPath(import.meta.url, '../../../execution/worker/worker.entry')

export interface WorkerExit {
  readonly code: number | null
  readonly signal: string | null
  /** Why the process could not be started at all. */
  readonly spawnError?: AutomateError
}

/** One forked worker. Control says `wake`, `stop` or `kill`; what the worker has to say beyond `ready` and `done` stands in its documents. */
export interface WorkerProcess {
  readonly pid: number | undefined
  /** What the process wrote to stdout and stderr, beside its log: the last words of a native crash stand here. */
  readonly outputFile: string
  readonly exited: Promise<WorkerExit>
  /** Calls back with each message of the worker, in order. */
  onMessage(listener: (message: FromWorker) => void): void
  /** An assignment waits in its file. */
  wake(): void
  /** Its crash is told by Control. */
  acknowledge(job: AttemptRef): void
  /** It redacts these texts from now on, in the job that it has as well. */
  redact(secrets: readonly string[]): void
  /** Without a job, the process ends too. */
  stop(reason: StopReason, job?: AttemptRef): void
  kill(): void
}

export type WorkerLauncher = (launch: LaunchDocument, access: WorkerSecrets) => WorkerProcess

export function assignmentFile(paths: ProjectPaths, workerId: string): string {
  return join(paths.assignments, `${workerId}.json`)
}

export function launchFile(paths: ProjectPaths, workerId: string): string {
  return join(paths.assignments, `${workerId}.launch.json`)
}

/** Gives a worker its assignment. The folder is made again if somebody removed it. */
export function writeAssignment(paths: ProjectPaths, assignment: Assignment): void {
  paths.ensureFolder(paths.assignments)
  writeJsonSync(assignmentFile(paths, assignment.workerId), assignment)
}

/** A worker whose process could not even be tried: a full disk, no more file handles. */
export function neverStarted(thrown: unknown): WorkerProcess {
  const spawnError = new AutomateError(
    'worker-exit',
    `The worker could not be started: ${messageOf(thrown)}`,
    { cause: thrown },
  )
  return {
    pid: undefined,
    outputFile: '',
    exited: Promise.resolve({ code: null, signal: null, spawnError }),
    onMessage: () => undefined,
    wake: () => undefined,
    acknowledge: () => undefined,
    redact: () => undefined,
    stop: () => undefined,
    kill: () => undefined,
  }
}

/**
 * Writes the launch document and forks a worker on it. The worker gets a process group of its own, so that a Ctrl+C meant for the console does not reach
 * it; the fork channel is its lifeline.
 */
export function workerLauncher(paths: ProjectPaths, now: () => number, reaper: Reaper): WorkerLauncher {
  return (launch, access) => {
    const file = launchFile(paths, launch.workerId)
    knownSecrets.add(secretsOfWorker(access))
    // Somebody may have removed it: without it no worker could start any more.
    paths.ensureFolder(paths.assignments)
    writeSecrets(secretsBeside(file), access)
    writeJsonSync(file, launch)
    const outputFile = join(paths.logs('workers', new Date(now())), `${launch.workerId}.out`)
    const output = openSync(outputFile, 'a', 0o600)
    try {
      return superviseFork(file, output, outputFile, reaper)
    } finally {
      closeSync(output)
    }
  }
}

function superviseFork(file: string, output: number, outputFile: string, reaper: Reaper): WorkerProcess {
  const child = fork(WORKER_ENTRY, ['--launch', file, '--supervised'], {
    stdio: ['ignore', output, output, 'ipc'],
    detached: process.platform !== 'win32',
    execArgv: process.execArgv.filter(arg => !arg.startsWith('--inspect')),
  })
  const { pid } = child
  if (pid !== undefined) reaper.watch(pid)
  const exited = new Promise<WorkerExit>(resolve => {
    child.once('exit', (code, signal) => {
      if (pid !== undefined) reaper.forget(pid)
      resolve({ code, signal })
    })
    child.on('error', error => {
      // 'error' also reports a failed send or kill, after which 'exit' still comes; only a process that never was ends here.
      if (child.pid !== undefined) return
      resolve(neverStarted(error).exited)
    })
  })
  const send = (message: ToWorker) => {
    // A channel that is closing fails here; the exit that follows says more.
    if (child.connected) child.send(message, () => undefined)
  }
  return {
    pid: child.pid,
    outputFile,
    exited,
    onMessage(listener) {
      child.on('message', message => {
        // User code may send too: what is none of ours is passed over.
        const parsed = FromWorker.safeParse(message)
        if (parsed.success) listener(parsed.data)
      })
    },
    wake: () => send({ type: 'wake' }),
    acknowledge: job => send({ type: 'heard', job }),
    redact: secrets => send({ type: 'secrets', secrets: [...secrets] }),
    stop: (reason, job) => send({ type: 'stop', reason, ...(job === undefined ? {} : { job }) }),
    kill() {
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
        // Decided on again while the process is still there.
        killTree(child.pid).catch(() => undefined)
    },
  }
}
