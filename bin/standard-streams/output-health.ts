import { messageOf } from '../../lib/core/errors/errors.ts'
import type { Log } from '../../lib/core/log.ts'

/** Tracks the success of writes to one output, and logs the first failure and the recovery. */
export class OutputHealth {
  private readonly name: string
  private log: Log | undefined
  private error: Error | undefined
  private lost = 0

  constructor(name: string) {
    this.name = name
  }

  /** Error of the first failed write since the last success; undefined while writes succeed. */
  get failure(): Error | undefined {
    return this.error
  }

  /**
   * Sets the log for failures and recoveries. A failure that has already happened is logged at
   * once.
   */
  reportTo(log: Log): void {
    if (this.log === log) return
    this.log = log
    if (this.error !== undefined) this.reportFailure(this.error)
  }

  /** Records that nothing can be written at present. Only the first failure is logged. */
  fail(error: Error): void {
    if (this.error !== undefined) return
    // Set before the log call, because the line may be written to this same output.
    this.error = error
    this.reportFailure(error)
  }

  /** Records that a write was lost. */
  lose(error: Error): void {
    this.lost += 1
    this.fail(error)
  }

  succeed(): void {
    if (this.error === undefined) return
    const lines = this.lost
    this.error = undefined
    this.lost = 0
    this.log?.warn(
      lines === 0
        ? `Writing to the ${this.name} works again. No line was lost.`
        : `Writing to the ${this.name} works again. ${lines} lines were lost.`,
    )
  }

  private reportFailure(error: Error): void {
    this.log?.warn(
      `Writing to the ${this.name} fails: ${messageOf(error)}. Jobs continue, and jobs and warnings are still recorded.`,
    )
  }
}
