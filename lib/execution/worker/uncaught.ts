import { messageOf } from '../../core/errors/errors.ts'
import { isClosedTarget } from '../diagnostics/classify-error.ts'
import { currentPhase } from '../phases/phase-scope.ts'
import type { WorkerLog } from './worker-log.ts'

export interface UncaughtOptions {
  /** The log of the job that runs, or the worker's own. */
  readonly log: () => WorkerLog
  /** True between jobs, and once a job's outcome is settled: a rejection changes nothing then. */
  readonly settled: () => boolean
  /** Records the failure synchronously, and ends what runs. */
  readonly fatal: (thrown: unknown) => void
  /** The process ends and nobody has asked it to: user code called process.exit. Synchronous. */
  readonly left: (code: number) => void
}

/**
 * Takes what nobody caught. A rejection that a phase started fails that phase while it runs, and is only recorded when it has ended
 * (a page that closes rejects what still waited for it). What belongs to no phase, or was thrown outside of any promise, is fatal. The returned function takes the defence away.
 */
export function handleUncaught({ log, settled, fatal, left }: UncaughtOptions): () => void {
  const rejected = (reason: unknown) => {
    const phase = currentPhase()
    const stray = settled() || phase?.ended() === true || (phase === undefined && isClosedTarget(reason))
    if (stray) {
      log().warn(
        `a rejection that nobody awaited${phase === undefined ? '' : `, from phase ${phase.name}`}: ${messageOf(reason)}`,
      )
    } else if (phase === undefined) fatal(reason)
    else phase.fail(reason)
  }
  const thrown = (error: unknown) => {
    if (settled()) log().warn(`thrown after the end: ${messageOf(error)}`)
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
