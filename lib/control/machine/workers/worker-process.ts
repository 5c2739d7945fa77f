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
  /** Error that prevented the process from starting; absent if it started. */
  readonly spawnError?: AutomateError
}

/**
 * One forked worker. The control layer sends it messages and can kill it. Apart from messages, the
 * worker reports its state in its documents.
 */
export interface WorkerProcess {
  readonly pid: number | undefined
  /**
   * File with the stdout and stderr of the process, separate from its log. The output of a native
   * crash is in this file. Empty if the process could not be started.
   */
  readonly outputFile: string
  readonly exited: Promise<WorkerExit>
  /** Calls `listener` with each message of the worker, in order. */
  onMessage(listener: (message: FromWorker) => void): void
  /** Notifies the worker that its assignment was written. */
  wake(): void
  /** Notifies the worker that the control layer reports its crash, so that the worker need not. */
  acknowledge(job: AttemptRef): void
  /** Makes the worker redact these texts from now on, including in its current job. */
  redact(secrets: readonly string[]): void
  /** Asks the worker to stop a job. If `job` is absent, also asks the process to end. */
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

/** Writes the assignment of a worker. Creates the folder if it was removed. */
export function writeAssignment(paths: ProjectPaths, assignment: Assignment): void {
  paths.ensureFolder(paths.assignments)
  writeJsonSync(assignmentFile(paths, assignment.workerId), assignment)
}

/**
 * Returns a worker without a process. Used if the process could not be started, for example because
 * the disk is full or no file descriptor is free.
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
 * Returns a function that writes a launch document and forks a worker with it. The worker gets its
 * own process group, so that a Ctrl+C in the terminal of the console does not reach it. The worker
 * ends when the fork channel closes.
 */
export function workerLauncher(paths: ProjectPaths, now: () => number, reaper: Reaper): WorkerLauncher {
  return (launch, access) => {
    const file = launchFile(paths, launch.workerId)
    knownSecrets.add(secretsOfWorker(access))
    // The folder may have been removed. No worker could start without it.
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
      // 'error' also reports a failed send or kill, after which 'exit' still follows. Only a
      // process that was never started has no 'exit'.
      if (child.pid !== undefined) return
      resolve(neverStarted(error).exited)
    })
  })
  const send = (message: ToWorker) => {
    // The send fails if the channel is closing. The exit that follows has the reason.
    if (child.connected) child.send(message, () => undefined)
  }
  return {
    pid: child.pid,
    outputFile,
    exited,
    onMessage(listener) {
      child.on('message', message => {
        // User code in the worker may send messages too, so unknown messages are ignored.
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
        // If the process survives, the scheduler decides to kill it again.
        killTree(child.pid).catch(() => undefined)
    },
  }
}
