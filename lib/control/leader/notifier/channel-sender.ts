import type { Clock } from '../../../core/time/clock.ts'
import { errorCode, messageOf } from '../../../core/errors/errors.ts'
import type { Log } from '../../../core/log.ts'
import type { OutboxMessage } from '../../../model/notify/outbox-message.ts'
import { isWithinHours } from '../../../model/schedule/time-window.ts'
import type { HoursOfDay } from '../../../model/schedule/time-window.ts'
import type { Channel } from '../../../notify/channel.ts'
import type { Store } from '../../../store/store.ts'
import { retryDelayMs } from '../../decide/backoff.ts'
import { MAX_SLEEP_MS } from '../../decide/timeouts.ts'
import { decideDelivery } from './decide-delivery.ts'
import type { Notification, SingleNotification } from '../../../model/notify/notification.ts'

/** Maximum number of notices that a summary lists. The summary states how many others there are. */
const MOST_NOTICES = 30

const MINUTES_AN_HOUR = 60

/** Period for which the limit on messages per minute is counted. */
const MINUTE_MS = 60_000

/** Pause after a failure of the store, before it is read again. */
const STORE_PAUSE_MS = 5_000

/**
 * Longest wait that a server can ask for. The message is tried again after this time at the latest.
 */
const LONGEST_WAIT_MS = 24 * 3_600_000

/** Age from which a message states when it was queued, because much may have changed since. */
const LATE_MS = 60_000

export interface ChannelSenderDependencies {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly quietHours: HoursOfDay | null
  readonly perMinute: number
  /** Returns a random number in [0, 1), used to spread retries. */
  readonly random: () => number
  /** Name of the project, which makes the ids of its messages unique among projects. */
  readonly project: string
  /** Called when a message was sent, was refused, or has to wait. */
  readonly onEnd: () => void
}

/**
 * Sends the messages that are queued in the store for one channel, one at a time. Never throws. The
 * code that queues a message does not wait until it is sent.
 */
export class ChannelSender {
  private readonly channel: Channel
  private readonly deps: ChannelSenderDependencies
  private readonly stopped = new AbortController()
  private working: Promise<void> | null = null
  private again = false
  private forget: () => void = () => undefined
  /** Number of failures in a row. */
  private failures = 0
  /** Time of the monotonic clock before which nothing is sent. */
  private notBefore: number | null = null

  constructor(channel: Channel, deps: ChannelSenderDependencies) {
    this.channel = channel
    this.deps = deps
  }

  /** Sends the queued messages. Resolves when no more can be sent now. */
  wake(): Promise<void> {
    this.again = true
    this.working ??= this.work().finally(() => {
      this.working = null
    })
    return this.working
  }

  /** Stops the sender. A message that is being sent is aborted, but may still arrive. */
  async stop(): Promise<void> {
    this.stopped.abort()
    this.forget()
    await this.working
  }

  private async work(): Promise<void> {
    while (this.again && !this.stopped.signal.aborted) {
      this.again = false
      try {
        if (await this.step()) this.again = true
      } catch (error) {
        this.storeFailed(error)
        return
      }
    }
  }

  /** Performs the next action. Resolves with true if another one may be due at once. */
  private async step(): Promise<boolean> {
    const { store, clock, perMinute, quietHours } = this.deps
    const { name: channel } = this.channel
    this.forget()
    const { waiting, sentAt } = await store.call('messages.look', {
      channel,
      since: Math.max(0, Math.round(clock.now() - MINUTE_MS)),
    })
    // Read after the call to the store, which may have been slow.
    const now = clock.now()
    const action = decideDelivery(
      {
        waiting: waiting.map(({ id, queuedAt, uncertain, partsDone }) => ({
          id,
          queuedAt,
          complete: !uncertain && partsDone === 0,
        })),
        sentAt,
        perMinute,
        notBefore: this.notBefore === null ? null : now + this.notBefore - clock.monotonic(),
        quietUntil: quietUntil(quietHours, now),
      },
      now,
    )
    if (action.type === 'rest') {
      if (action.until !== null) this.wakeIn(action.until - now)
      return false
    }
    if (action.type === 'fold') {
      const folded = waiting.filter(({ id }) => action.ids.includes(id))
      await store.call('messages.fold', { channel, ids: [...action.ids], notice: digestOf(folded) })
      return true
    }
    const message = waiting.find(({ id }) => id === action.id)
    if (message !== undefined) await this.send(message)
    return true
  }

  private async send(message: OutboxMessage): Promise<void> {
    const { store, clock, log, random, project, onEnd } = this.deps
    const { id, queuedAt } = message
    const { name } = this.channel
    await store.call('messages.begin', { id })
    const outgoing = {
      ...message,
      id: `${encodeURIComponent(project)}-${queuedAt}-${id}`,
      ...(clock.now() - queuedAt > LATE_MS ? { asOf: queuedAt } : {}),
    }
    const delivery = await this.channel.send(outgoing, this.stopped.signal)
    await store.call('messages.end', { id, uncertainBefore: message.uncertain, delivery })
    switch (delivery.status) {
      case 'delivered':
        this.failures = 0
        this.notBefore = null
        break
      case 'later': {
        this.failures += 1
        // The pause is never shorter than that of our own retries. A server that always asks for no
        // wait would otherwise be called without a pause.
        const askedMs = Math.min(delivery.afterMs ?? 0, LONGEST_WAIT_MS)
        this.notBefore = clock.monotonic() + Math.max(askedMs, retryDelayMs(this.failures, random()))
        if (this.failures === 1)
          log.warn(`A message to ${name} could not be sent (${delivery.why}) and will be retried.`)
        break
      }
      case 'refused':
        this.failures = 0
        log.error(`${name} rejected a message: ${delivery.why}. "automate-tui status" shows the remedy.`)
        break
    }
    onEnd()
  }

  private wakeIn(ms: number): void {
    if (this.stopped.signal.aborted) return
    this.forget = this.deps.clock.after(Math.min(ms, MAX_SLEEP_MS), () => void this.wake())
  }

  private storeFailed(error: unknown): void {
    if (errorCode(error) !== 'store-closed') {
      this.deps.log.error(`The messages of ${this.channel.name} could not be read: ${messageOf(error)}`)
    }
    this.wakeIn(STORE_PAUSE_MS)
  }
}

/**
 * Returns the epoch ms at which the quiet hours that contain `now` end, or null outside of the
 * quiet hours. The hours are those of the local clock, also on the day of a change to or from
 * summer time.
 */
export function quietUntil(hours: HoursOfDay | null, now: number): number | null {
  if (hours === null || hours.from === hours.to) return null
  const date = new Date(now)
  const minute = date.getHours() * MINUTES_AN_HOUR + date.getMinutes()
  const overnight = hours.from > hours.to
  if (!isWithinHours(hours, minute)) return null
  const days = overnight && minute >= hours.from ? 1 : 0
  const end = new Date(date.getFullYear(), date.getMonth(), date.getDate() + days, 0, hours.to)
  return end.getTime()
}

/**
 * Returns one summary of these messages, oldest first. The notices of summaries among them are
 * listed one by one.
 */
export function digestOf(messages: readonly Pick<OutboxMessage, 'notice' | 'queuedAt'>[]): Notification {
  const singles = messages.flatMap(({ notice }): readonly SingleNotification[] =>
    notice.kind === 'summary' ? notice.notices : [notice],
  )
  const count = messages.reduce((sum, { notice }) => sum + (notice.kind === 'summary' ? notice.count : 1), 0)
  const since = Math.min(
    ...messages.map(({ notice, queuedAt }) => (notice.kind === 'summary' ? notice.since : queuedAt)),
  )
  return { kind: 'summary', since, count, notices: singles.slice(0, MOST_NOTICES) }
}
