import type { Page } from 'puppeteer'
import type { Clock } from '../../core/time/clock.ts'
import { delay } from '../../core/time/timeout.ts'
import { errorCode, errorToRecord, messageOf } from '../../core/errors/errors.ts'
import type { Json } from '../../core/errors/errors.ts'
import type { OfferReply } from '../../authoring/phase-context.ts'
import type { PhaseRunner, PhaseSpec, PhaseTools } from '../../authoring/workflow-runtime.ts'
import type { MemberRef } from '../../model/worker/documents.ts'
import { formatPhase } from '../../model/job/phase.ts'
import type { PhasePosition, PhaseRecord } from '../../model/job/phase.ts'
import { instrumentPage } from '../browser/instrument/instrument-page.ts'
import type { OpenBrowser } from '../browser/launch/open-browser.ts'
import type { RateLimited } from '../browser/pages/navigation-status.ts'
import type { Coordination } from '../coordination/coordination.ts'
import { classifyError } from '../diagnostics/classify-error.ts'
import { sanitiseRecord } from '../../model/failure/error-text.ts'
import type { WorkerLog } from '../worker/worker-log.ts'
import type { AccountSession } from '../session/account-session.ts'
import type { SharedPort } from '../shared/shared-port.ts'
import type { Takeover } from '../takeover/takeover.ts'
import type { PhaseWaits } from '../takeover/phase-waits.ts'
import type { PhaseDetails, WorkerState } from '../worker/worker-state.ts'
import { findRootCause } from './root-cause.ts'
import type { CallTracker } from './call-tracker.ts'
import { watchPhase } from './phase-control.ts'
import { PHASE_RETRY_PAUSE_MS, stopLoading, triesAgain } from './phase-retry.ts'
import { requireOwnPage, runInPhase } from './phase-scope.ts'
import { phaseTools } from './phase-tools.ts'
import { racePhase } from './race-phase.ts'
import { StepTrail } from './step-trail.ts'

export interface PhasesOptions {
  readonly member: MemberRef
  /** Number of the workflow's phases. */
  readonly count: number
  readonly browser: OpenBrowser
  readonly calls: CallTracker
  /** True if another job may use the page later. */
  readonly reusesPage: boolean
  readonly coordination: Coordination
  readonly shared: SharedPort
  readonly account: AccountSession
  readonly takeover: Takeover
  readonly waits: PhaseWaits
  readonly offer: (result: Json) => Promise<OfferReply>
  readonly state: WorkerState
  readonly log: WorkerLog
  readonly clock: Clock
  readonly stop: AbortSignal
  /** Receives errors that the author's code threw after an interruption. */
  readonly late: (thrown: unknown) => void
  readonly lost: AbortSignal
  /** Receives the rate limits of domains. */
  readonly refused: (refusal: RateLimited) => void
  /** Receives the page on which a phase failed. */
  readonly failedOn: (page: Page) => void
  readonly abortGraceMs: number
  /** Receives the author's code at its start, because it may outlast its phase. */
  readonly started: (work: Promise<unknown>) => void
}

/**
 * Runs the phases of one worker, one after the other. `failedAt` is the phase of the last failure.
 */
export class MemberPhases implements PhaseRunner {
  private readonly options: PhasesOptions
  private readonly calls: CallTracker
  private readonly forgets: readonly (() => void)[]
  failedAt: PhasePosition | null = null
  private done = false
  private hasLostPage = false

  constructor(options: PhasesOptions) {
    this.options = options
    this.calls = options.calls
    const { browser, takeover, refused, account } = options
    this.forgets = [
      browser.watch.begin(refused),
      instrumentPage(browser.page, {
        begin: (text, called, page) => {
          requireOwnPage()
          account.follow(page)
          return this.calls.call(text, called, page)
        },
        hold: () => takeover.pausePoint(),
      }),
    ]
  }

  /**
   * True once the author's code of the last phase has ended, so that only the delivery of its
   * result remains.
   */
  get workIsDone(): boolean {
    return this.done
  }

  /** Removes all listeners and wrappers from the page, because another job may use it. */
  close(): void {
    this.hasLostPage = this.options.reusesPage
    for (const forget of this.forgets) forget()
  }

  async run<T>(phase: PhaseSpec, index: number, body: (tools: PhaseTools) => T | Promise<T>): Promise<T> {
    const { stop, lost, clock, log } = this.options
    for (let tryIndex = 1; ; tryIndex++) {
      stop.throwIfAborted()
      lost.throwIfAborted()
      const end = await this.tryOnce(phase, index, tryIndex, body)
      if ('value' in end) return end.value
      const again = !stop.aborted && !lost.aborted && triesAgain(end.error, phase, tryIndex)
      if (again && end.stillRuns)
        log.warn(`phase ${phase.name} is not retried, because its last try still runs`)
      if (!again || end.stillRuns) throw end.error
      log.warn(`phase ${phase.name} is retried: ${messageOf(end.error)}`)
      await delay(PHASE_RETRY_PAUSE_MS, clock, AbortSignal.any([stop, lost]))
    }
  }

  private async tryOnce<T>(
    phase: PhaseSpec,
    index: number,
    tryIndex: number,
    body: (tools: PhaseTools) => T | Promise<T>,
  ): Promise<TryEnd<T>> {
    const { state, stop, lost, clock, count, log, browser, abortGraceMs, takeover, late } = this.options
    this.done = false
    state.beginPhase(phase, index, count, tryIndex)
    log.inPhase(phase.name)
    log.info(`phase ${formatPhase({ ...phase, index, count, step: '', ...state.phase })} started`)
    this.calls.begin()
    const interruption = watchPhase(phase, [stop, lost], clock, () => this.calls.place())
    takeover.beginPhase(interruption)
    const trail = new StepTrail(clock, path => {
      if (ended) return
      state.step(path)
      this.calls.step(path, trail.step)
    })
    const more = tryIndex <= (phase.retries ?? 0)
    // A try must end before its retry, so the interruption ends its navigation, too.
    if (more) interruption.signal.addEventListener('abort', () => stopLoading(browser.page), { once: true })
    let interruptedOn: Page | undefined
    const notePage = () => (interruptedOn = this.calls.currentPage())
    interruption.signal.addEventListener('abort', notePage, { once: true })
    let ended = false
    let stillRuns = true
    try {
      const { tools, watchesSignal, offersAnswered } = phaseTools({
        ...this.options,
        interruption,
        trail,
        triesAgain: more,
        reasonOf: thrown => this.reasonOf(thrown, this.pageOf(thrown)),
        last: index === count,
        workIsDone: () => {
          // Code that ends after its interruption has cleaned up, but has not done its work.
          if (!interruption.signal.aborted) this.done = true
        },
      })
      const scope = {
        name: phase.name,
        log,
        ended: () => ended,
        hasLostPage: () => this.hasLostPage,
        fail: interruption.interrupt,
      }
      const work = runInPhase(scope, async () => {
        try {
          await takeover.pausePoint()
          const value = await body(tools)
          await offersAnswered()
          return value
        } finally {
          stillRuns = false
        }
      })
      this.options.started(work)
      const value = await racePhase(work, {
        signal: interruption.signal,
        graceMs: () => (more || watchesSignal() ? abortGraceMs : 0),
        clock,
        stray: error => {
          log.warn(`after its end, phase ${phase.name} threw: ${messageOf(error)}`)
          late(error)
        },
      })
      this.end('done', trail.end(false))
      return { value }
    } catch (thrown) {
      if (this.workIsDone && stop.aborted) {
        this.end('done', trail.end(false))
        return { error: thrown, stillRuns }
      }
      const page = interruptedOn ?? this.pageOf(thrown)
      const error = stop.aborted ? thrown : await this.reasonOf(thrown, page)
      this.failedAt = state.phase
      this.options.failedOn(page)
      this.end(statusOf(error), { ...trail.end(true), error: summaryOf(error) })
      return { error, stillRuns }
    } finally {
      ended = true
      interruption.end()
      await takeover.endPhase()
    }
  }

  private pageOf(thrown: unknown): Page {
    return this.calls.pageOf(thrown) ?? this.calls.currentPage() ?? this.options.browser.page
  }

  private reasonOf(thrown: unknown, page: Page): Promise<unknown> {
    const { lost, clock, browser } = this.options
    const { watch } = browser
    return findRootCause(thrown, { lost, clock, facts: watch.factsOf(page), dialog: watch.dialogAt(page) })
  }

  private end(status: PhaseRecord['status'], more: PhaseDetails): void {
    const { state, log } = this.options
    const position = state.phase
    state.endPhase(status, more)
    if (position !== null) log.info(`phase ${formatPhase(position)} ${status}`)
    log.inPhase(null)
  }
}

/**
 * End of one try. `stillRuns` is true if the author's code has not settled, so that no other try
 * may run.
 */
type TryEnd<T> = { readonly value: T } | { readonly error: unknown; readonly stillRuns: boolean }

function summaryOf(thrown: unknown): NonNullable<PhaseDetails['error']> {
  const { name, code, message } = sanitiseRecord(errorToRecord(classifyError(thrown, null)))
  return { name, code, message }
}

function statusOf(error: unknown): PhaseRecord['status'] {
  const code = errorCode(error)
  if (code === 'phase-timeout') return 'timed-out'
  return code === 'cancelled' ? 'cancelled' : 'failed'
}
