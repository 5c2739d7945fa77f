import { errorText } from './error-text.ts'
import { EXIT } from '../exit-code.ts'

type Handler = (error: unknown) => void

let handler: Handler | undefined
let received = false

/**
 * Handles uncaught exceptions and unhandled rejections, which are bugs of this program. Until
 * `handleUncaughtErrors` sets a handler, the error is printed and the process ends at once.
 */
export function watchUncaughtErrors(): void {
  // Node also reports unhandled rejections here. The terminal has already been restored by a
  // listener of `uncaughtExceptionMonitor`.
  process.on('uncaughtException', error => {
    received = true
    if (handler !== undefined) {
      handler(error)
      return
    }
    process.stderr.write(`automate-tui: ${errorText(error)}\n`)
    process.exit(EXIT.bug)
  })
}

/**
 * Passes uncaught errors to `handle`, which must end the process, until the returned function is
 * called.
 */
export function handleUncaughtErrors(handle: Handler): () => void {
  handler = handle
  return () => {
    if (handler === handle) handler = undefined
  }
}

/**
 * True if there was an uncaught error. The exit code then reports it, whatever the result of the
 * command.
 */
export const hadUncaughtError = (): boolean => received
