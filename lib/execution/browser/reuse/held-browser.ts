import type { BrowserContext, Page } from 'puppeteer'
import type { Clock } from '../../../core/time/clock.ts'
import { messageOf } from '../../../core/errors/errors.ts'
import { recoveryOf } from '../../../core/errors/recovery.ts'
import type { LaunchProfile } from '../../../model/worker/documents.ts'
import type { Outcome } from '../../../model/job/outcome.ts'
import type { WorkerCommand } from '../../../model/worker/worker-command.ts'
import { ActivePage } from '../../takeover/active-page.ts'
import { LivePreview } from '../../takeover/live-preview.ts'
import type { OrderPort } from '../../takeover/order-port.ts'
import type { WorkerLog } from '../../worker/worker-log.ts'

export interface HeldBrowserOptions {
  readonly workerId: string
  readonly context: BrowserContext
  /** `data/state/pictures`. */
  readonly pictures: string
  readonly store: () => Promise<OrderPort>
  /** Aborts when the worker is asked to end, and when the browser has ended. */
  readonly over: AbortSignal
  readonly log: WorkerLog
  readonly clock: Clock
}

/** True if the recovery of a failure is `browser: 'keep'`. */
export function wantsHold(outcome: Outcome): boolean {
  return 'error' in outcome && recoveryOf(outcome.error).browser === 'keep'
}

/**
 * Returns the reason why a person could not reach the browser of a failed job; undefined if a
 * person can.
 */
export function whyNotHeld(
  { headless, cdp }: Pick<LaunchProfile, 'headless' | 'cdp'>,
  page: Page | undefined,
): string | undefined {
  if (page === undefined) return 'it has ended'
  if (page.isClosed()) return 'its page is closed'
  if (!headless || cdp === 'port') return undefined
  return 'it has neither a window nor a DevTools port. Set "headless" to false, or "cdp" to "port"'
}

/**
 * Keeps the browser of a failed job open for a person, who reaches it in its window, through
 * DevTools, or by live pictures. Control decides when the browser closes.
 */
export class HeldBrowser {
  /** Resolves when the browser should close. */
  readonly closed: Promise<void>
  private readonly options: HeldBrowserOptions
  private readonly picture: LivePreview
  private readonly ended = new AbortController()
  private taking: Promise<void> = Promise.resolve()

  constructor(options: HeldBrowserOptions) {
    this.options = options
    this.picture = new LivePreview({
      ...options,
      folder: options.pictures,
      front: new ActivePage(options.context),
    })
    const over = AbortSignal.any([options.over, this.ended.signal])
    this.closed = new Promise<void>(resolve => {
      if (over.aborted) resolve()
      else over.addEventListener('abort', () => resolve(), { once: true })
    })
    void this.closed.then(() => this.picture.close())
    void this.listen()
  }

  /**
   * Listens for commands of people. Even if none can be received, the browser closes at its time,
   * and with its scheduler.
   */
  private async listen(): Promise<void> {
    try {
      const port = await this.options.store()
      const forget = port.onWritten(['worker_commands'], () => this.takeCommands(port))
      void this.closed.then(forget)
      this.takeCommands(port)
    } catch (error) {
      this.options.log.warn(`the held browser cannot receive commands: ${messageOf(error)}`)
    }
  }

  private takeCommands(port: OrderPort): void {
    const { workerId, log } = this.options
    this.taking = this.taking
      .then(async () => {
        for (const order of await port.call('worker-commands.take', { workerId })) this.handle(order)
      })
      .catch((error: unknown) => {
        if (!this.ended.signal.aborted) log.warn(`a person's command failed: ${messageOf(error)}`)
      })
  }

  /**
   * Handles a person's command. The phases are over, so commands that pause or answer them are
   * ignored. A person acts in the browser through DevTools or its window.
   */
  private handle(order: WorkerCommand): void {
    if (order.type === 'close') this.ended.abort()
    else if (order.type === 'look') this.picture.show(order)
    else if (order.type === 'picture') void this.picture.keep(order.name)
  }
}
