import { join } from 'node:path'
import type { Page } from 'puppeteer'
import type { Clock } from '../../core/time/clock.ts'
import { delay } from '../../core/time/timeout.ts'
import { messageOf } from '../../core/errors/errors.ts'
import type { ErrorRecord } from '../../core/errors/errors.ts'
import type { MemberRef, OutcomeDocument } from '../../model/worker/documents.ts'
import type { FromWorker } from '../../model/worker/worker-ipc.ts'
import type { Outcome } from '../../model/job/outcome.ts'
import type { PhasePosition } from '../../model/job/phase.ts'
import { isDiskFull, writeJsonSync } from '../../files/documents/atomic-json.ts'
import type { JobBrowser } from '../browser/reuse/lease.ts'
import type { CrashRecorder } from '../diagnostics/crash-recorder.ts'
import type { FallbackNotifier } from '../diagnostics/fallback-notifier.ts'
import { publicAddress } from '../../model/failure/error-text.ts'
import { pageToShow, screenshot } from '../diagnostics/screenshot.ts'
import { outcomeOf } from './run-task.ts'
import type { RecoveryPolicy } from './run-task.ts'
import type { StopRequest } from '../stop-request.ts'
import type { WorkerLog } from './worker-log.ts'
import type { WorkerState } from './worker-state.ts'

/** Interval of retries on a full disk, until a person frees space. */
const ROOM_LOOK_MS = 500

/**
 * Longest time for which a failed write of the outcome is retried, unless the disk is full. After
 * that, the outcome is sent to the parent instead.
 */
const WRITE_AGAIN_FOR_MS = 5_000

/**
 * Longest time for which a failed write is retried, whatever the reason, once the worker was asked
 * to stop. The worker is killed 6 s after this request (STOP_GRACE_MS in
 * lib/control/decide/timeouts.ts).
 */
const WRITE_AT_STOP_FOR_MS = 1_000

export interface MemberEndOptions {
  readonly member: MemberRef
  /** `data/results`. */
  readonly results: string
  readonly browser: JobBrowser
  readonly state: WorkerState
  readonly recorder: CrashRecorder
  /** Notifier of crashes; undefined if this worker does not notify. */
  readonly fallback: FallbackNotifier | undefined
  readonly stop: StopRequest
  readonly clock: Clock
  readonly log: WorkerLog
  /** Sends a message to the parent. */
  readonly send: (message: FromWorker) => void
}

/** Ends a worker's part of one job. Only the first outcome counts. */
export class MemberEnd {
  private readonly options: MemberEndOptions
  private done = false
  /** The workflow's recovery policy, once the workflow is loaded. */
  answer: RecoveryPolicy | undefined
  /** Page on which a phase failed. */
  failedOn: Page | undefined

  constructor(options: MemberEndOptions) {
    this.options = options
  }

  get settled(): boolean {
    return this.done
  }

  /**
   * Ends the part in the ordinary way: writes the report, takes the screenshot, and saves the
   * outcome. The browser stays open.
   */
  async conclude(outcome: Outcome): Promise<void> {
    if (this.done) return
    this.done = true
    const { recorder, browser, clock } = this.options
    if ('error' in outcome) {
      this.report(outcome.error, outcome.phase)
      const png = await screenshot(pageToShow(browser, this.failedOn), clock)
      if (png !== undefined) recorder.addScreenshot(png, outcome.phase)
    }
    await this.saveOutcome(outcome)
    if ('error' in outcome) await this.notified()
  }

  /**
   * Saves the outcome. A job without a saved outcome runs again and does its work twice, so a
   * failed write is retried. On a full disk it is retried until there is room. If it still fails
   * after a while for another reason, or when the worker has to stop, the outcome is sent over the
   * fork channel.
   */
  private async saveOutcome(outcome: Outcome): Promise<void> {
    const { clock, stop } = this.options
    const document = this.documentOf(outcome)
    const since = clock.monotonic()
    for (;;) {
      try {
        this.write(document)
        return
      } catch (error) {
        const isStopping = stop.reason !== undefined
        const forMs = isStopping ? WRITE_AT_STOP_FOR_MS : WRITE_AGAIN_FOR_MS
        if ((isStopping || !isDiskFull(error)) && clock.monotonic() - since >= forMs) {
          this.handOver(document, error)
          return
        }
      }
      await delay(ROOM_LOOK_MS, clock)
    }
  }

  private handOver(document: OutcomeDocument, error: unknown): void {
    const { log, send } = this.options
    log.error(`The outcome could not be written and is sent to the scheduler directly: ${messageOf(error)}`)
    send({ type: 'outcome', document })
  }

  /**
   * Ends the part after an uncaught error, and saves the outcome synchronously. Returns the
   * outcome; undefined if the part was settled already.
   */
  fail(thrown: unknown): Outcome | undefined {
    if (this.done) return undefined
    this.done = true
    const { state, stop } = this.options
    const outcome = outcomeOf(thrown, state.phase, stop, this.answer)
    if ('error' in outcome) this.report(outcome.error, outcome.phase)
    state.endPhase('failed')
    const document = this.documentOf(outcome)
    try {
      this.write(document)
    } catch (error) {
      this.handOver(document, error)
    }
    return outcome
  }

  /** True if this worker may have to send the notification of a failure itself. */
  get mayNotify(): boolean {
    const { recorder, fallback } = this.options
    return fallback !== undefined && recorder.written !== undefined
  }

  /**
   * Resolves when another process has taken over the notification of the failure, or when this
   * worker's own notification has ended; at once if there is no notification. Never rejects.
   */
  async notified(): Promise<void> {
    const { recorder, fallback } = this.options
    if (recorder.written !== undefined) await fallback?.delivered(recorder.written)
  }

  /** Writes the crash report. A failure after the request to stop causes no notification. */
  private report(error: ErrorRecord, phase: PhasePosition | null): void {
    const { recorder, fallback, stop } = this.options
    const url = this.failedOn === undefined ? undefined : publicAddress(this.failedOn.url())
    if (recorder.record(error, phase, url) && stop.reason === undefined) fallback?.request()
  }

  /** Abandons the outcome, because the parent has ended. */
  abandon(): void {
    this.done = true
  }

  /**
   * Writes the outcome without a sync to disk. After a power cut before the store has the outcome,
   * the job runs again, as after any power cut. Avoiding that is not worth two syncs per job.
   */
  private write(document: OutcomeDocument): void {
    writeJsonSync(join(this.options.results, `${document.workerId}.json`), document)
  }

  private documentOf(outcome: Outcome): OutcomeDocument {
    const { member, state, clock } = this.options
    return {
      kind: 'outcome',
      version: 1,
      ...member,
      endedAt: clock.now(),
      outcome,
      history: [...state.history],
      memoryBytes: state.memoryBytes,
    }
  }
}
