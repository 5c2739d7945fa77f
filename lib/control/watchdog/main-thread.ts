import { Session } from 'node:inspector'

/** A main thread that runs JavaScript stops within milliseconds; one that is blocked in the system does not answer. */
const ANSWER_MS = 3_000

/** The innermost calls say enough. */
const MAX_FRAMES = 8

/** The URL of a listening inspector. A main thread evaluates it at a breakpoint, too, and in an endless loop. */
const INSPECTOR_URL = 'process.getBuiltinModule("node:inspector").url()'

/** State of a main thread that has not run for a while. */
export interface MainThread {
  /** True if a debugger can attach: the thread may be at a breakpoint. */
  readonly isDebugged: boolean
  /** The calls of the thread, innermost first, one a line; empty if it does not answer. */
  readonly calls: readonly string[]
}

/** Asks the main thread for its state. Leaves it paused, unless it is debugged. */
export function inspectMainThread(): Promise<MainThread> {
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
