import { messageOf } from './errors.ts'
import type { Log } from '../log.ts'

/** Sentences without their full stop. */
export interface FailureWords {
  readonly failed: string
  readonly mended: string
}

/**
 * Logs the first of several failures of work that is tried again and again, and its recovery. On a full disk, each
 * write of a state fails for as long as that lasts.
 */
export class FailureLog {
  private readonly log: Log
  private readonly words: FailureWords
  private failing = false

  constructor(log: Log, words: FailureWords) {
    this.log = log
    this.words = words
  }

  get isFailing(): boolean {
    return this.failing
  }

  fail(error: unknown): void {
    if (this.failing) return
    this.failing = true
    this.log.error(`${this.words.failed}: ${messageOf(error)}`)
  }

  succeed(): void {
    if (!this.failing) return
    this.failing = false
    this.log.warn(`${this.words.mended}.`)
  }
}

/** Returns the words for a file that is written again and again; `what` is their subject: "The state of service cron". */
export function writeFailures(what: string): FailureWords {
  return { failed: `${what} could not be written, and is tried again`, mended: `${what} is written again` }
}
