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
  /** Reason why the process could not be started. */
  readonly spawnError?: AutomateError
}

/**
 * One forked worker. Control sends `wake`, `stop` or `kill`. The worker's state beyond `ready` and
 * `done` is in its documents.
 */
export interface WorkerProcess {
  readonly pid: number | undefined
  /**
   * File with the stdout and stderr of the process, in addition to its log. The output of a native
   * crash is here.
   */
  readonly outputFile: string
  readonly exited: Promise<WorkerExit>
  /** Calls back with each message of the worker, in order. */
  onMessage(listener: (message: FromWorker) => void): void
  /** Notifies the worker of an assignment in its file. */
  wake(): void
  /** Notifies the worker that Control reports its crash. */
  acknowledge(job: AttemptRef): void
  /** Makes the worker redact these texts from now on, also in its current job. */
  redact(secrets: readonly string[]): void
  /** Asks the worker to stop a job. Without a job, the process ends too. */
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

/** Gives a worker its assignment. Creates the folder if it was removed. */
export function writeAssignment(paths: ProjectPaths, assignment: Assignment): void {
  paths.ensureFolder(paths.assignments)
  writeJsonSync(assignmentFile(paths, assignment.workerId), assignment)
}

/**
 * Returns a worker without a process, because it could not be started, as on a full disk or without
 * free file handles.
 */
export function neverStarted(thrown: unknown): WorkerProcess {
  const spawnError = new AutomateError('worker-exit', `The worker could not start: ${messageOf(thrown)}`, {
    cause: thrown,
  })
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
 * Writes the launch document and forks a worker on it. The worker gets a process group of its own,
 * so that a Ctrl+C meant for the console does not reach it. The worker ends with the fork channel.
 */
export function workerLauncher(paths: ProjectPaths, now: () => number, reaper: Reaper): WorkerLauncher {
  return (launch, access) => {
    const file = launchFile(paths, launch.workerId)
    knownSecrets.add(secretsOfWorker(access))
    // The folder may have been removed, and no worker could start without it.
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
      // 'error' also reports a failed send or kill, after which 'exit' still comes. Only a process
      // that never started ends here.
      if (child.pid !== undefined) return
      resolve(neverStarted(error).exited)
    })
  })
  const send = (message: ToWorker) => {
    // A closing channel fails here, and the following exit has the reason.
    if (child.connected) child.send(message, () => undefined)
  }
  return {
    pid: child.pid,
    outputFile,
    exited,
    onMessage(listener) {
      child.on('message', message => {
        // User code may send too, so unknown messages are ignored.
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
        // The kill is decided again if the process is still there.
        killTree(child.pid).catch(() => undefined)
    },
  }
}
