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
 * Time of running jobs to end. The state of a process after a bug is unknown, and a person may wait
 * for the terminal. An interrupted job runs again, and loses no attempt.
 */
const DRAIN_MS = 15_000

/** Time of the workers to stop, and of the store to close. */
const CLOSE_MS = 30_000

export interface BrokenProgram {
  readonly log: Log
  /** Scheduler of this process; null without a scheduler. */
  readonly control: () => Control | null
  /** Notifies the channels. */
  readonly notify: (reason: string) => Promise<unknown>
  readonly close: () => Promise<void>
}

/**
 * Ends the program after an error that no code caught: logs and notifies it, lets running jobs end
 * for a while, closes, and exits with the code of a bug. Returns the function that ends this watch.
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
 * Waits for one step, at most for its limit, and logs its error. Never rejects, so that the next
 * step runs.
 */
async function limited(work: Promise<unknown>, ms: number, log: Log): Promise<void> {
  try {
    await withTimeout(work, ms, 'A shutdown step', systemClock)
  } catch (error) {
    log.warn(messageOf(error))
  }
}
