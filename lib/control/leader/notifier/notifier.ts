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
 * Longest wait for the delivery of messages when the program ends. The next program sends the
 * remaining ones.
 */
const FLUSH_MS = 3_000

/** Pause after a failure of the store, before it is read again. */
const STORE_PAUSE_MS = 5_000

/**
 * Shortest interval between checks because of changed jobs. On a busy machine, jobs change many
 * times a second, which is more often than people read messages.
 */
const JOBS_EVERY_MS = 1_000

export interface NotifierDependencies {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly channels: readonly Channel[]
  readonly quietHours: HoursOfDay | null
  /** Maximum number of messages per minute on each channel. */
  readonly perMinute: number
  /** Returns a random number in [0, 1), used to spread retries. */
  readonly random: () => number
  /** Name of the project. */
  readonly project: string
}

/**
 * Sends all notifications of the scheduler. Crashes arrive through the store, where each one is
 * processed once. All other notices are queued by the operation `notices.tell`. Failures with the
 * same cause become one notice. Each channel has its own queue. Code that causes a notification
 * does not wait for it, and nothing here throws.
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
   * Starts the senders of all channels. They also send messages that were refused before, because
   * the channel may have been repaired.
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

  /**
   * Sends the collected notices at once, waits up to `FLUSH_MS` for their delivery, and stops the
   * senders.
   */
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
    // Messages of the console's bell are not counted, because the bell has no receiver.
    const sent = mine.reduce((sum, one) => sum + (one.channel === BELL ? 0 : one.sent), 0)
    return sent === 0 ? null : { what: 'sent', count: sent }
  }

  private wakeLines(): void {
    for (const line of this.lines) void line.wake()
  }

  /** Runs one check at a time. If a check is requested during another one, it runs afterwards. */
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
    // One round may not have read all failures.
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
