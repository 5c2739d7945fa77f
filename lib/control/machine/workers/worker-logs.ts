import { tryWriting } from '../../../core/disk/try-writing.ts'
import { FailureLog, logFailures } from '../../../core/errors/failure-log.ts'
import type { Log, LogContext } from '../../../core/log.ts'
import type { ProjectPaths } from '../../../core/process/paths.ts'
import type { Clock } from '../../../core/time/clock.ts'

export interface WorkerLogsOptions {
  readonly paths: Pick<ProjectPaths, 'logs'>
  readonly clock: Clock
  readonly log: Log
}

/**
 * Tracks failures to write the logs of workers, which are all on one disk. A worker reports the
 * first line that it could not write. It may exit before the disk has room again, so the failure
 * ends when a test write next to the logs succeeds.
 */
export class WorkerLogs {
  private readonly options: WorkerLogsOptions
  private readonly failures: FailureLog
  private isChecking = false

  constructor(options: WorkerLogsOptions) {
    this.options = options
    this.failures = new FailureLog(options.log, logFailures('workers', 'The logs of workers are'))
  }

  /** Reason why lines of workers' logs are lost; undefined while none are lost. */
  get trouble(): string | undefined {
    return this.failures.problem
  }

  /**
   * Records the report of a worker that could not write to its log. `context` names the worker and
   * its job.
   */
  fail(reason: string, context: LogContext): void {
    this.failures.fail(reason, context)
  }

  /** Ends the failure if the logs can be written again. Never rejects. */
  async check(): Promise<void> {
    if (!this.failures.isFailing || this.isChecking) return
    const { paths, clock } = this.options
    this.isChecking = true
    try {
      await tryWriting(paths.logs('workers', new Date(clock.now())))
      this.failures.succeed()
    } catch {
      // The failure continues.
    } finally {
      this.isChecking = false
    }
  }
}
