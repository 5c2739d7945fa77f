import { fork } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { AutomateError, messageOf } from '../core/errors.ts'
import { entryPath } from '../core/entry.ts'
import type { ProjectPaths } from '../core/paths.ts'
import type { Assignment } from '../domain/documents.ts'
import type { ToWorker } from '../domain/fork-channel.ts'
import type { StopReason } from '../domain/outcome.ts'
import { writeJsonSync } from '../files/atomic-json.ts'
import { killTree } from '../platform/kill-tree.ts'
import type { Reaper } from '../platform/reaper.ts'

const WORKER_ENTRY = entryPath(import.meta.url, '../execution/worker.entry')

export interface WorkerExit {
  readonly code: number | null
  readonly signal: string | null
  /** Why the process could not be started at all. */
  readonly spawnError?: AutomateError
}

/** One forked worker. Control says `stop` or `kill`; everything else the worker says in its documents. */
export interface WorkerProcess {
  readonly pid: number | undefined
  /** What the process wrote to stdout and stderr, beside its log: the last words of a native crash stand here. */
  readonly outputFile: string
  readonly exited: Promise<WorkerExit>
  stop(reason: StopReason): void
  kill(): void
}

export type WorkerLauncher = (assignment: Assignment) => WorkerProcess

export function assignmentFile(paths: ProjectPaths, workerId: string): string {
  return join(paths.assignments, `${workerId}.json`)
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
    stop: () => undefined,
    kill: () => undefined,
  }
}

/**
 * Writes the assignment and forks a worker on it. The worker gets a process group of its own, so that a Ctrl+C meant for the console does not reach
 * it; the fork channel is its lifeline.
 */
export function workerLauncher(paths: ProjectPaths, now: () => number, reaper: Reaper): WorkerLauncher {
  return assignment => {
    const file = assignmentFile(paths, assignment.workerId)
    writeJsonSync(file, assignment)
    const outputFile = join(paths.logs('workers', new Date(now())), `${assignment.workerId}.out`)
    const output = openSync(outputFile, 'a', 0o600)
    try {
      return superviseFork(file, output, outputFile, reaper)
    } finally {
      closeSync(output)
    }
  }
}

function superviseFork(file: string, output: number, outputFile: string, reaper: Reaper): WorkerProcess {
  const child = fork(WORKER_ENTRY, ['--assignment', file, '--supervised'], {
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
  return {
    pid: child.pid,
    outputFile,
    exited,
    stop(reason) {
      const message: ToWorker = { type: 'stop', reason }
      // A channel that is closing fails here; the exit that follows says more.
      if (child.connected) child.send(message, () => undefined)
    },
    kill() {
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
        // Decided on again while the process is still there.
        killTree(child.pid).catch(() => undefined)
    },
  }
}
