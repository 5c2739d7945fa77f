import type { Control } from '../../lib/control/control.ts'
import { systemClock } from '../../lib/core/time/clock.ts'
import { withTimeout } from '../../lib/core/time/timeout.ts'
import { messageOf } from '../../lib/core/errors/errors.ts'
import type { Log } from '../../lib/core/log.ts'
import { EXIT } from '../exit-code.ts'
import { flushOutput } from '../upgrade/restart.ts'
import { errorText } from './error-text.ts'
import { handleUncaughtErrors } from './uncaught-errors.ts'

/**
 * Time for running jobs to end. It is short, because the state of the process after a bug is
 * unknown and a person may be waiting for the terminal. A job that is interrupted runs again
 * without losing an attempt.
 */
const DRAIN_MS = 15_000

/** Time for the workers to stop and for the store to close. */
const CLOSE_MS = 30_000

export interface BrokenProgram {
  readonly log: Log
  /** Scheduler of this process; null without a scheduler. */
  readonly control: () => Control | null
  /** Notifies people on all channels. */
  readonly notify: (reason: string) => Promise<unknown>
  readonly close: () => Promise<void>
}

/**
 * From now on, ends the program after an uncaught error: logs it, notifies people, gives running
 * jobs some time to end, closes the project, and exits with the code for a bug. Returns a function
 * that stops this handling.
 */
export function endAfterUncaughtError(program: BrokenProgram): () => void {
  const logged = new Set<string>()
  return handleUncaughtErrors(error => {
    const text = errorText(error)
    if (logged.has(text)) return
    program.log.error(`automate-tui has a bug: ${text}`)
    logged.add(text)
    if (logged.size === 1) void end(program, error, text)
  })
}

async function end(
  { log, control, notify, close }: BrokenProgram,
  error: unknown,
  text: string,
): Promise<void> {
  const scheduler = control()
  if (scheduler !== null) {
    log.error(
      `The scheduler stops because of this bug. Running jobs have ${DRAIN_MS / 1_000} s to end. Start the scheduler again.`,
    )
    await limited(notify(messageOf(error)), CLOSE_MS, log)
    await limited(scheduler.drain(), DRAIN_MS, log)
  }
  await limited(close(), CLOSE_MS, log)
  process.stderr.write(`automate-tui: ${text}\n`)
  await flushOutput()
  process.exit(EXIT.bug)
}

/**
 * Waits for one step of the shutdown, for at most `ms` milliseconds, and logs its error. Never
 * rejects, so that the next step runs.
 */
async function limited(work: Promise<unknown>, ms: number, log: Log): Promise<void> {
  try {
    await withTimeout(work, ms, 'A shutdown step', systemClock)
  } catch (error) {
    log.warn(messageOf(error))
  }
}
