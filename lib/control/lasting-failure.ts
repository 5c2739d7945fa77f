import type { Log } from '../core/log.ts'
import { retryDelayMs } from './decide/backoff.ts'

/**
 * Longest pause between retries, so that a machine that has recovered is used again within this
 * time.
 */
const LONGEST_PAUSE_MS = 30_000

/**
 * Records a lasting failure of the machine. Logs its beginning and its end once each, and lengthens
 * the pauses between the tries.
 */
export class LastingFailure {
  private readonly log: Log
  /** Returns a random number in [0, 1), used to spread retries. */
  private readonly random: () => number
  private failures = 0
  private current: string | undefined

  constructor(log: Log, random: () => number) {
    this.log = log
    this.random = random
  }

  /** Message about the current problem, with its remedy; undefined while there is none. */
  get problem(): string | undefined {
    return this.current
  }

  /**
   * Records a failed try, and returns the pause before the next try, in milliseconds. Calls
   * `onFirst` if there was no current failure before.
   */
  fail(problem: string, onFirst: (problem: string) => void): number {
    const isFirst = this.current === undefined
    this.current = problem
    this.failures++
    if (isFirst) {
      this.log.error(problem)
      onFirst(problem)
    }
    return Math.min(LONGEST_PAUSE_MS, retryDelayMs(this.failures, this.random()))
  }

  /**
   * Ends the failure, and logs `message` if there was one. Does not shorten the next pause, which
   * only `reset` does.
   */
  end(message: string): void {
    if (this.current === undefined) return
    this.current = undefined
    this.log.warn(message)
  }

  /** Resets the pauses, so that the next one is the shortest. */
  reset(): void {
    this.failures = 0
  }
}
