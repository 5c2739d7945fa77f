import { messageOf } from '../../core/errors/errors.ts'
import type { BrowserManager } from '../browser/reuse/browser-manager.ts'
import { currentPhase } from '../phases/phase-scope.ts'
import type { MemberEnd } from './task-outcome.ts'
import type { WorkerLog } from './worker-log.ts'
import type { WorkerState } from './worker-state.ts'

export interface EndOptions {
  readonly state: WorkerState
  readonly browsers: BrowserManager
  /** The worker's own log, for events between jobs. */
  readonly log: WorkerLog
  /** Ends the process at once. */
  readonly leave: (code: number) => void
}

/** The current job of a worker. */
export interface CurrentJob {
  readonly end: MemberEnd
  readonly log: WorkerLog
}

const FAILED = 1

/** Ends a worker process, in each way in which it can end, during a job or between two jobs. */
export class WorkerEnd {
  private readonly options: EndOptions
  private leaving = false
  private unfit = false
  /** Set while a job runs, until its cleanup has ended. */
  job: CurrentJob | undefined

  constructor(options: EndOptions) {
    this.options = options
  }

  /** True if an error can no longer change the outcome of a job. */
  get settled(): boolean {
    return this.leaving || this.job === undefined || this.job.end.settled
  }

  /** True if the process takes another job. */
  get reusable(): boolean {
    return !this.unfit
  }

  get log(): WorkerLog {
    return this.job?.log ?? this.options.log
  }

  /** Ends in the ordinary way: closes the browser, and returns the exit code. */
  async leave(failed: boolean): Promise<number> {
    const { state, browsers } = this.options
    this.leaving = true
    const left = await browsers.close()
    if (left !== undefined) this.log.warn(left)
    state.change({ state: 'exited' })
    return failed ? FAILED : 0
  }

  /**
   * Ends after an error outside of every promise, because the process is unreliable then. If code
   * of an earlier job threw it, such as a timer, the current job is not to blame: it runs to its
   * end, and the process takes no further job.
   */
  readonly fatal = (thrown: unknown): void => {
    const { state, browsers, leave } = this.options
    const { job } = this
    if (this.leaving || job?.end.settled === true) return
    const phase = currentPhase()
    if (job !== undefined && phase !== undefined && phase.log !== job.log) {
      phase.log.error(`thrown after the job by phase ${phase.name}: ${messageOf(thrown)}`)
      job.log.warn('code of an earlier job has thrown an error, so this process is not reused')
      this.unfit = true
      return
    }
    const outcome = job?.end.fail(thrown)
    if (job === undefined) this.log.error(`an error was thrown between two jobs: ${messageOf(thrown)}`)
    browsers.kill()
    state.change({ state: 'exited', ...(outcome === undefined ? {} : { outcome: outcome.status }) })
    this.leaving = true
    // All data is saved. During the notification the author's code may still run, without effect.
    if (job === undefined || !job.end.mayNotify) leave(FAILED)
    else void job.end.notified().finally(() => leave(FAILED))
  }

  /**
   * Handles an exit by user code. The phase and step stay in the state file, and the exit code
   * informs Control.
   */
  readonly left = (code: number): void => {
    if (this.leaving) return
    const { state, browsers } = this.options
    state.flushPending()
    this.log.error(`code in the process ended it with exit code ${code}: ${new Error('here').stack ?? ''}`)
    browsers.kill()
  }

  /**
   * Ends because the parent has ended. The outcome is no longer needed, and no process of the
   * worker may remain.
   */
  readonly abandoned = (): void => {
    const { state, browsers, leave } = this.options
    this.job?.end.abandon()
    this.leaving = true
    browsers.kill()
    this.log.warn('the scheduler has ended, so the worker ends')
    state.flushPending()
    leave(FAILED)
  }
}
