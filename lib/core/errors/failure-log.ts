import { messageOf } from './errors.ts'
import type { Log, LogContext } from '../log.ts'

/** Sentences without their full stop. */
export interface FailureWords {
  readonly failed: string
  readonly mended: string
}

/**
 * Logs the first failure and the recovery of work that is retried. On a full disk each write of a
 * state fails until the disk has room again.
 */
export class FailureLog {
  private readonly log: Pick<Log, 'warn' | 'error'>
  private readonly words: FailureWords
  private current: string | undefined

  constructor(log: Pick<Log, 'warn' | 'error'>, words: FailureWords) {
    this.log = log
    this.words = words
  }

  get isFailing(): boolean {
    return this.current !== undefined
  }

  /** Text of the first failure, as it was logged; undefined without one. */
  get problem(): string | undefined {
    return this.current
  }

  fail(error: unknown, context?: LogContext): void {
    if (this.isFailing) return
    const problem = `${this.words.failed}: ${messageOf(error)}`
    // Set before the log call, because the line may be written to the file that fails.
    this.current = problem
    this.log.error(problem, context)
  }

  succeed(): void {
    if (!this.isFailing) return
    this.current = undefined
    this.log.warn(`${this.words.mended}.`)
  }
}

/**
 * Returns the words for a file that is written again and again. `what` is their subject: "The state
 * of service cron".
 */
export function writeFailures(what: string): FailureWords {
  return {
    failed: `${what} could not be written and is being retried`,
    mended: `${what} can be written again`,
  }
}

/**
 * Returns the words for logs with lost lines. `whose` names their writer, `which` the logs with
 * their verb: "The logs of workers are".
 */
export function logFailures(whose: string, which: string): FailureWords {
  return {
    failed: `Log lines of ${whose} are lost, because they cannot be written ("automate-tui doctor" shows the remedy)`,
    mended: `${which} written again`,
  }
}
