import { messageOf } from './errors.ts'
import type { Log } from './log.ts'

/** Logs the first of several failures of work that is tried again and again, and its recovery. On a full disk, each write of a state fails for as long as that lasts. */
export class FailureLog {
  private readonly log: Log
  private readonly what: string
  private failing = false

  /** `what` is the subject of the sentences: "The state of service cron". */
  constructor(log: Log, what: string) {
    this.log = log
    this.what = what
  }

  fail(error: unknown): void {
    if (this.failing) return
    this.failing = true
    this.log.error(`${this.what} could not be written, and is tried again: ${messageOf(error)}`)
  }

  succeed(): void {
    if (!this.failing) return
    this.failing = false
    this.log.warn(`${this.what} is written again.`)
  }
}
