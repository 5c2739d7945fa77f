import type { Target } from 'puppeteer'
import type { Clock } from '../../core/time/clock.ts'
import { withTimeout } from '../../core/time/timeout.ts'
import type { MemberRef } from '../../model/worker/documents.ts'
import type { Outcome } from '../../model/job/outcome.ts'
import type { PhaseRecord } from '../../model/job/phase.ts'
import type { TraceSettings } from '../../model/trace/trace-settings.ts'
import type { Recording } from '../../files/trace/recording.ts'
import type { OpenBrowser } from '../browser/launch/open-browser.ts'
import type { WorkerLog } from '../worker/worker-log.ts'
import { CdpActions } from './cdp-actions.ts'
import { PageRecording } from './page-recording.ts'
import { openPageSession, sessionOf } from '../browser/cdp/page-session.ts'
import { Disposables } from '../browser/cdp/disposables.ts'
import { TraceActions } from './trace-actions.ts'
import { TraceJournal } from './trace-journal.ts'

/**
 * Duration of a phase after which pictures and snapshots of it are taken. In a shorter phase they
 * would cost more than the phase itself.
 */
const SLOW_AFTER_MS = 500

/**
 * Duration of a phase after which pictures are taken even without a trace, at a fifth of the usual
 * rate. Only the last picture is used.
 */
const SLOW_UNTRACED_MS = 1_000
const UNTRACED_SPACING = 5

/**
 * Longest wait for the last snapshot. A working page returns its document in about 20 ms. A stuck
 * page never returns it, and its worker has to end.
 */
const LAST_SNAPSHOT_LIMIT_MS = 500

export interface TraceOptions {
  readonly order: TraceSettings
  readonly recording: Recording
  readonly member: MemberRef
  readonly clock: Clock
  readonly log: WorkerLog
}

/**
 * Records one worker's part of a job. The recording never harms the job: it does not wait, it does
 * not throw, and a full disk ends only the recording. Phases and steps come from the worker's
 * state.
 */
export class MemberTrace {
  private readonly options: TraceOptions
  private readonly journal: TraceJournal
  private readonly subscriptions = new Disposables()
  private readonly actions: TraceActions
  private readonly calls: CdpActions
  private readonly pages: PageRecording[] = []
  private readonly startedMs: number
  private slow = false
  private forgetSlow: () => void = () => undefined

  constructor(options: TraceOptions) {
    const { order, recording, clock, log } = options
    this.options = options
    this.startedMs = clock.monotonic()
    const now = () => clock.monotonic()
    const note = (text: string) => {
      log.warn(text)
      this.journal.notice(text, now())
    }
    this.journal = new TraceJournal({
      recording,
      limitBytes: order.limitBytes,
      picturesOnly: order.keep === 'off',
      onThinned: what => note(THINNED[what]),
      onBroken: reason => log.warn(`the trace is no longer recorded: ${reason}`),
    })
    if (order.keep === 'off') this.journal.frameSpacing = UNTRACED_SPACING
    this.actions = new TraceActions({
      now,
      write: line => this.journal.line(line),
      slow: () => this.slow,
      snapshot: names => this.pages[0]?.snapshots.take(names),
    })
    this.calls = new CdpActions(this.actions, now)
  }

  private get traced(): boolean {
    return this.options.order.keep !== 'off'
  }

  /** Starts to listen to the browser, once it is open. */
  attach({ page, context, version, sent }: OpenBrowser): void {
    const { member, clock } = this.options
    const session = sessionOf(page)
    if (session === undefined) return
    const main = new PageRecording(session, 'page@1', this.surroundings)
    this.pages.push(main)
    if (!this.traced) return
    this.journal.line({
      type: 'head',
      version: 1,
      ...member,
      startedAt: clock.now(),
      at: clock.monotonic(),
      browser: version,
      platform: process.platform,
      viewport: page.viewport() ?? { width: 0, height: 0 },
    })
    main.listen(() => this.calls.loaded())
    const pageOf = (id: string | undefined) => (id === main.sessionId ? main.pageId : undefined)
    this.subscriptions.add(sent.listen(message => this.calls.sent(message, pageOf)))
    const addPage = (target: Target) => {
      const kind: string = target.type()
      if (kind === 'page') void this.addPage(target)
    }
    context.on('targetcreated', addPage)
    this.subscriptions.add(() => context.off('targetcreated', addPage))
  }

  phaseBegan(name: string, index: number, count: number): void {
    this.actions.beginPhase(name, index, count)
    this.forgetSlow()
    if (!this.slow) {
      const afterMs = this.traced ? SLOW_AFTER_MS : SLOW_UNTRACED_MS
      this.forgetSlow = this.options.clock.after(afterMs, () => this.becomeSlow())
    }
  }

  stepBegan(text: string): void {
    this.actions.beginStep(text)
  }

  phaseEnded(status: PhaseRecord['status']): void {
    this.forgetSlow()
    this.calls.end()
    this.actions.endPhase(status)
  }

  /**
   * Ends the recording. Depending on the outcome, the recording stays in place, to be packed, or is
   * removed.
   */
  async end(outcome: Outcome): Promise<void> {
    const { order, clock } = this.options
    const failed = 'error' in outcome
    this.forgetSlow()
    this.calls.end()
    // Without a browser there is nothing to show.
    if (failed && this.pages.length > 0) {
      this.actions.fail(outcome.error)
      const settled = Promise.all(this.pages.map(({ snapshots }) => snapshots.settled))
      await withTimeout(settled, LAST_SNAPSHOT_LIMIT_MS, 'The last snapshot', clock).catch(() => undefined)
    }
    this.subscriptions.end()
    const kept = this.pages.length > 0 && (failed || order.keep === 'always')
    if (kept) this.journal.close()
    else this.journal.discard()
  }

  private get surroundings() {
    const { journal, subscriptions, startedMs } = this
    return { journal, subscriptions, clock: this.options.clock, startedMs }
  }

  private becomeSlow(): void {
    this.slow = true
    for (const page of this.pages) page.film()
    this.actions.becameSlow()
  }

  /** Records a page that the job opened: a tab, or a pop-up. */
  private async addPage(target: Target): Promise<void> {
    const { clock } = this.options
    const session = await openPageSession(target)
    if (session === undefined) return
    const pageId = `page@${this.pages.length + 1}`
    const added = new PageRecording(session, pageId, this.surroundings)
    this.pages.push(added)
    this.subscriptions.add(() => void session.detach().catch(() => undefined))
    this.journal.line({
      type: 'event',
      class: 'BrowserContext',
      method: 'page',
      time: clock.monotonic(),
      pageId,
      params: { pageId },
    })
    added.listen(() => undefined)
    if (this.slow) added.film()
  }
}

/** Messages about a reduced recording, for the trace itself and the worker's log. */
const THINNED = {
  actions: 'the trace has reached its maximum size (maxTrace), so no more steps and calls are recorded',
  frames: 'the trace has reached its maximum size (maxTrace), so every second older picture is dropped',
  snapshots: 'the trace has reached its maximum size (maxTrace), so no more snapshots of the page are taken',
  lines:
    'the trace has reached its maximum size (maxTrace), so no more requests and console messages are recorded',
} as const
