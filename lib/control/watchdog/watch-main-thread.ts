import { Worker } from 'node:worker_threads'
import { Session } from 'node:inspector'
import { entryPath } from '../../core/process/entry-path.ts'
import type { Hang } from './record-hang.ts'

/**
 * Longest wait for a reply of the main thread to the inspector. A thread that runs JavaScript
 * pauses within milliseconds. A thread that is blocked in a system call does not reply.
 */
const ANSWER_MS = 3_000
/** Maximum number of calls in the log. The innermost calls are enough to find the cause. */
const MAX_FRAMES = 8
/**
 * Expression that yields the URL of the inspector, if it is listening. The main thread evaluates
 * the expression even at a breakpoint or in an endless loop.
 */
const INSPECTOR_URL = 'process.getBuiltinModule("node:inspector").url()'

/** Longest wait for the hang to be logged. A healthy disk writes the line within milliseconds. */
const RECORD_MS = 5_000

export interface WatchdogData {
  /** Counter that the main thread increments while it runs. */
  readonly beats: Int32Array
  readonly limitMs: number
  readonly checkMs: number
  /** The project's folder. */
  readonly root: string
}

export function isWatchdogData(value: unknown): value is WatchdogData {
  return (
    typeof value === 'object' &&
    value !== null &&
    'beats' in value &&
    value.beats instanceof Int32Array &&
    'limitMs' in value &&
    typeof value.limitMs === 'number' &&
    'checkMs' in value &&
    typeof value.checkMs === 'number' &&
    'root' in value &&
    typeof value.root === 'string'
  )
}

/**
 * Watches the main thread, and kills the process if the thread has not run for `limitMs`. A main
 * thread that a debugger has stopped does not count as hung. A debugger may be attached at any
 * time.
 */
export function watchMainThread({ beats, limitMs, checkMs, root }: WatchdogData): void {
  let last = Atomics.load(beats, 0)
  // Counted in checks instead of time, because the checks stop too while the process is stopped or
  // the machine sleeps.
  let missed = 0
  let isBusy = false
  setInterval(() => {
    const now = Atomics.load(beats, 0)
    missed = now === last ? missed + 1 : 0
    last = now
    if (isBusy || missed * checkMs < limitMs) return
    isBusy = true
    void endUnlessDebugged(limitMs, root).then(() => {
      isBusy = false
      missed = 0
    })
  }, checkMs)
}

/** Logs the hang and kills the process, unless a debugger can be attached to it. */
async function endUnlessDebugged(limitMs: number, root: string): Promise<void> {
  let isDebugged = false
  try {
    const state = await inspectMainThread()
    ;({ isDebugged } = state)
    if (!isDebugged) await record({ root, limitMs, calls: state.calls })
  } finally {
    if (!isDebugged) process.kill(process.pid, 'SIGKILL')
  }
}

/**
 * Logs the hang in a separate thread, because a hanging disk blocks every thread that writes to it
 * and may be the cause of the hang. Resolves after `RECORD_MS` at the latest.
 */
function record(hang: Hang): Promise<void> {
  return new Promise((resolve, reject) => {
    setTimeout(resolve, RECORD_MS)
    const thread = new Worker(entryPath(import.meta.url, './record-hang.entry'), {
      workerData: hang,
      execArgv: [],
    })
    thread.on('exit', () => resolve())
    thread.on('error', reject)
  })
}

/** State of a main thread that has not run for a while. */
interface MainThread {
  /** True if a debugger can attach, because the thread may be at a breakpoint. */
  readonly isDebugged: boolean
  /** Calls of the thread, innermost first; empty if the thread does not reply. */
  readonly calls: readonly string[]
}

/** Asks the main thread for its state. Leaves it paused, unless it is debugged. */
function inspectMainThread(): Promise<MainThread> {
  return new Promise(resolve => {
    const session = new Session()
    const files = new Map<string, string>()
    const giveUp = setTimeout(() => resolve({ isDebugged: false, calls: [] }), ANSWER_MS)
    const finish = (state: MainThread) => {
      clearTimeout(giveUp)
      resolve(state)
    }
    session.on('Debugger.scriptParsed', ({ params }) => files.set(params.scriptId, params.url))
    session.connectToMainThread()
    session.post('Runtime.evaluate', { expression: INSPECTOR_URL }, (error, reply) => {
      if (error === null && typeof reply.result.value === 'string') {
        session.disconnect()
        finish({ isDebugged: true, calls: [] })
        return
      }
      session.on('Debugger.paused', ({ params }) => {
        const calls = params.callFrames.slice(0, MAX_FRAMES).map(({ functionName, location }) => {
          const line = `${files.get(location.scriptId) ?? ''}:${location.lineNumber + 1}`
          return `${functionName === '' ? '(anonymous)' : functionName} (${line})`
        })
        finish({ isDebugged: false, calls })
      })
      session.post('Debugger.enable')
      session.post('Debugger.pause')
    })
  })
}
