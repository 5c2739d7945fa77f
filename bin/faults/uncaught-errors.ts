import { errorText } from './error-text.ts'
import { EXIT } from '../exit-code.ts'

type Handler = (error: unknown) => void

let handler: Handler | undefined
let received = false

/**
 * Receives errors that no code caught, rejections included. Such an error is a bug of this program.
 * Without a handler the error is printed and the process ends at once.
 */
export function watchUncaughtErrors(): void {
  // Node raises a rejection without a handler here, too, and restores a terminal before
  // (`uncaughtExceptionMonitor`).
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
 * Gives uncaught errors to `handle`, which ends the process, until the returned function is called.
 */
export function handleUncaughtErrors(handle: Handler): () => void {
  handler = handle
  return () => {
    if (handler === handle) handler = undefined
  }
}

/** True if an error was not caught. Then the exit code reports it, however the command ended. */
export const hadUncaughtError = (): boolean => received
