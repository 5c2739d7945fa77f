import { throttle } from '../../../core/time/throttle.ts'
import type { Throttled } from '../../../core/time/throttle.ts'
import type { Clock } from '../../../core/time/clock.ts'
import { withTimeout } from '../../../core/time/timeout.ts'
import { errorCode, messageOf } from '../../../core/errors/errors.ts'
import type { Log } from '../../../core/log.ts'
import { BELL } from '../../../model/failure/notified-marker.ts'
import type { ServiceDoing } from '../../../model/worker/documents.ts'
import type { ChannelHealth } from '../../../model/notify/outbox-message.ts'
import type { HoursOfDay } from '../../../model/schedule/time-window.ts'
import type { Channel } from '../../../notify/channel.ts'
import type { Store } from '../../../store/store.ts'
import { MAX_SLEEP_MS } from '../../decide/timeouts.ts'
import { ChannelSender } from './channel-sender.ts'
import { decideNotices } from './decide-notices.ts'

/**
 * Longest wait for the remaining messages at the end of the program. The next program sends the
 * others.
 */
const FLUSH_MS = 3_000

/** Pause before the store is asked again after a failure. */
const STORE_PAUSE_MS = 5_000

/**
 * Interval of checks for changed jobs. Jobs change many times a second on a busy machine, and
 * people read messages more slowly.
 */
const JOBS_EVERY_MS = 1_000

export interface NotifierDependencies {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly channels: readonly Channel[]
  readonly quietHours: HoursOfDay | null
  /** Most messages a minute on each channel. */
  readonly perMinute: number
  /** Random number in [0, 1) that spreads retries. */
  readonly random: () => number
  /** Name of the project. */
  readonly project: string
}

/**
 * Entry point of all notifications. Crashes arrive through the store, where each is processed once,
 * and everything else by `notices.tell`. Failures with one cause become one notice, and each
 * channel gets it in a queue of its own. No caller waits for a notification, and nothing here
 * throws.
 */
export class Notifier {
  private readonly deps: NotifierDependencies
  private lines: readonly ChannelSender[] = []
  private unsubscribe: () => void = () => undefined
  private forget: () => void = () => undefined
  private checking: Promise<void> | null = null
  private again = false
  private urgent = false
  private running = false
  private health: readonly ChannelHealth[] = []
  private watchesJobs = false
  private readonly jobsChanged: Throttled

  constructor(deps: NotifierDependencies) {
    this.deps = deps
    this.jobsChanged = throttle(JOBS_EVERY_MS, deps.clock, () => void this.check())
  }

  /**
   * Starts the channels with the waiting messages. Includes refused messages, because the fault of
   * a channel may be corrected now.
   */
  async start(): Promise<void> {
    const { store, channels } = this.deps
    this.running = true
    this.urgent = false
    await store.call('messages.unpark', {})
    const onEnd = () => void this.readHealth()
    this.lines = channels.map(channel => new ChannelSender(channel, { ...this.deps, onEnd }))
    this.unsubscribe = store.onChange(tables => {
      if (tables.includes('crashes') || tables.includes('crash_causes')) void this.check()
      else if (this.watchesJobs && tables.includes('jobs')) this.jobsChanged.ask()
      if (tables.includes('messages')) this.wakeLines()
    })
    void this.check()
    this.wakeLines()
    await this.readHealth()
  }

  /** Sends the collected notices at once, and waits a moment for their delivery. */
  async stop(): Promise<void> {
    this.urgent = true
    const flushed = this.check().then(() => Promise.all(this.lines.map(line => line.wake())))
    await withTimeout(flushed, FLUSH_MS, 'The last messages', this.deps.clock).catch(() => undefined)
    this.running = false
    this.unsubscribe()
    this.jobsChanged.end()
    this.forget()
    await Promise.all(this.lines.map(line => line.stop()))
    await this.checking
  }

  doing(): ServiceDoing | null {
    const mine = this.health.filter(({ channel }) => this.deps.channels.some(({ name }) => name === channel))
    for (const { channel, parked, why, refusal } of mine) {
      if (parked > 0 && refusal !== null) {
        return { what: 'rejected', channel, count: parked, why: why ?? '', refusal }
      }
    }
    for (const { channel, waiting, why } of mine) {
      if (waiting > 0 && why !== null) return { what: 'retrying', channel, count: waiting, why }
    }
    // The bell of a console is not counted as a message, because it has no receiver.
    const sent = mine.reduce((sum, one) => sum + (one.channel === BELL ? 0 : one.sent), 0)
    return sent === 0 ? null : { what: 'sent', count: sent }
  }

  private wakeLines(): void {
    for (const line of this.lines) void line.wake()
  }

  /** Runs one check at a time, and one more after a change during a check. */
  private check(): Promise<void> {
    this.again = true
    this.checking ??= this.checkAgain().finally(() => {
      this.checking = null
    })
    return this.checking
  }

  private async checkAgain(): Promise<void> {
    while (this.again && this.running) {
      this.again = false
      try {
        await this.round()
      } catch (error) {
        if (errorCode(error) !== 'store-closed') {
          this.deps.log.error(
            `The notifier could not read the database and will try again: ${messageOf(error)}`,
          )
        }
        this.wakeIn(STORE_PAUSE_MS)
        return
      }
    }
  }

  private async round(): Promise<void> {
    const { store, clock, channels } = this.deps
    this.forget()
    const news = await store.call('notices.news', {})
    const now = Math.round(clock.now())
    const names = channels.map(({ name }) => name)
    const decision = decideNotices({ ...news, channels: names, hurry: this.urgent }, now)
    const { noticed, changed, forgotten, notices, wakeAt, watchesJobs } = decision
    this.watchesJobs = watchesJobs
    if (noticed.length + changed.length + forgotten.length > 0) {
      await store.call('notices.settle', {
        noticed: [...noticed],
        changed: [...changed],
        forgotten: [...forgotten],
        notices: [...notices],
      })
    }
    if (notices.length > 0) this.wakeLines()
    // One round may not have read everything.
    if (noticed.length > 0) this.again = true
    if (wakeAt !== null) this.wakeIn(Math.max(0, wakeAt - clock.now()))
  }

  private wakeIn(ms: number): void {
    this.forget()
    if (!this.running) return
    this.forget = this.deps.clock.after(Math.min(ms, MAX_SLEEP_MS), () => void this.check())
  }

  private async readHealth(): Promise<void> {
    try {
      this.health = await this.deps.store.call('messages.overview', {})
    } catch (error) {
      this.deps.log.debug(messageOf(error))
    }
  }
}
