import { messageOf } from '../../core/errors/errors.ts'
import { isClosedTarget } from '../diagnostics/classify-error.ts'
import { currentPhase } from '../phases/phase-scope.ts'
import type { WorkerLog } from './worker-log.ts'

export interface UncaughtOptions {
  /** Returns the log of the current job, or the worker's own. */
  readonly log: () => WorkerLog
  /**
   * Returns true between jobs, and once a job's outcome is settled, because a rejection then
   * changes nothing.
   */
  readonly settled: () => boolean
  /** Records the failure synchronously, and ends all work. */
  readonly fatal: (thrown: unknown) => void
  /** Called when user code ends the process by `process.exit`. Must be synchronous. */
  readonly left: (code: number) => void
}

/**
 * Handles uncaught errors. An unhandled rejection of a phase fails the phase while it runs. After
 * the phase the rejection is only logged, because a page that closes rejects pending promises. A
 * rejection outside of phases, or an error outside of any promise, is fatal. Returns a function
 * that removes the handlers.
 */
export function handleUncaught({ log, settled, fatal, left }: UncaughtOptions): () => void {
  const rejected = (reason: unknown) => {
    const phase = currentPhase()
    const stray = settled() || phase?.ended() === true || (phase === undefined && isClosedTarget(reason))
    if (stray) {
      const from = phase === undefined ? '' : `, from phase ${phase.name}`
      // A phase of an earlier job has a log of its own.
      const own = phase?.log ?? log()
      own.warn(`an unhandled rejection${from}: ${messageOf(reason)}`)
    } else if (phase === undefined) fatal(reason)
    else phase.fail(reason)
  }
  const thrown = (error: unknown) => {
    if (settled()) log().warn(`an error was thrown after the end: ${messageOf(error)}`)
    fatal(error)
  }
  process.on('unhandledRejection', rejected)
  process.on('uncaughtException', thrown)
  process.on('exit', left)
  return () => {
    process.off('unhandledRejection', rejected)
    process.off('uncaughtException', thrown)
    process.off('exit', left)
  }
}
