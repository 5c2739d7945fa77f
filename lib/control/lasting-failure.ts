import type { Log } from '../core/log.ts'
import { retryDelayMs } from './decide/backoff.ts'

/** Longest pause between tries, after which a recovered machine is used again. */
const LONGEST_PAUSE_MS = 30_000

/**
 * Records a lasting failure of the machine. Logs its beginning and its end once each, and lengthens
 * the pauses between the tries.
 */
export class LastingFailure {
  private readonly log: Log
  /** Random number in [0, 1) that spreads retries. */
  private readonly random: () => number
  private failures = 0
  private current: string | undefined

  constructor(log: Log, random: () => number) {
    this.log = log
    this.random = random
  }

  /** Problem with its remedy; undefined while there is none. */
  get problem(): string | undefined {
    return this.current
  }

  /**
   * Records a failed try. Calls `onFirst` if the try before did not fail. Returns the pause before
   * the next try, in milliseconds.
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
   * Ends the failure, and logs `message` if there was one. The pauses start from the shortest only
   * after `reset`.
   */
  end(message: string): void {
    if (this.current === undefined) return
    this.current = undefined
    this.log.warn(message)
  }

  /** Makes the next pause the shortest. */
  reset(): void {
    this.failures = 0
  }
}
