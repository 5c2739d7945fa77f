import { Session } from 'node:inspector'

/** A main thread that runs JavaScript stops within milliseconds; one that is blocked in the system does not answer. */
const ANSWER_MS = 3_000

/** The innermost calls say enough. */
const MAX_FRAMES = 8

/** Resolves with the calls that the main thread is in, innermost first, one a line; empty when it does not answer. Leaves the main thread paused. */
export function mainThreadStack(): Promise<string[]> {
  return new Promise(resolve => {
    const session = new Session()
    const files = new Map<string, string>()
    const giveUp = setTimeout(() => resolve([]), ANSWER_MS)
    session.on('Debugger.scriptParsed', ({ params }) => files.set(params.scriptId, params.url))
    session.on('Debugger.paused', ({ params }) => {
      clearTimeout(giveUp)
      resolve(
        params.callFrames.slice(0, MAX_FRAMES).map(({ functionName, location }) => {
          const line = `${files.get(location.scriptId) ?? ''}:${location.lineNumber + 1}`
          return `${functionName === '' ? '(anonymous)' : functionName} (${line})`
        }),
      )
    })
    session.connectToMainThread()
    session.post('Debugger.enable')
    session.post('Debugger.pause')
  })
}
