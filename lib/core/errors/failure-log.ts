import { messageOf } from './errors.ts'
import type { Log, LogContext } from '../log.ts'

/** Log messages for the first failure and for the recovery, without a full stop. */
export interface FailureWords {
  readonly failed: string
  readonly mended: string
}

/**
 * Logs the first failure and the recovery of an operation that is retried, and none of the failures
 * between them. On a full disk, for example, each write of a state fails until there is room again.
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

  /**
   * Message of the first failure, as it was logged; undefined unless the operation is failing now.
   */
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
 * Returns the messages for a file that is rewritten repeatedly. `what` is their subject, such as
 * "The state of service cron".
 */
export function writeFailures(what: string): FailureWords {
  return {
    failed: `${what} could not be written and is being retried`,
    mended: `${what} can be written again`,
  }
}

/**
 * Returns the messages for logs that lose lines. `whose` names the writer of the lines. `which`
 * names the logs, with a verb, such as "The logs of workers are".
 */
export function logFailures(whose: string, which: string): FailureWords {
  return {
    failed: `Log lines of ${whose} are lost, because they cannot be written ("automate-tui doctor" shows the remedy)`,
    mended: `${which} written again`,
  }
}
