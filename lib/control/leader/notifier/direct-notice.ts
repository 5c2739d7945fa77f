import type { Clock } from '../../../core/time/clock.ts'
import { newId } from '../../../core/ids.ts'
import type { Log } from '../../../core/log.ts'
import type { SingleNotification } from '../../../model/notify/notification.ts'
import type { Channel, Outgoing } from '../../../notify/channel.ts'
import { retryDelayMs } from '../../decide/backoff.ts'

export interface DirectNoticeDependencies {
  readonly clock: Clock
  readonly log: Log
  /** Returns a random number in [0, 1), used to spread retries. */
  readonly random: () => number
}

/** Progress of the notice on one channel. The fields are those of a message in the store. */
interface Progress {
  readonly partsDone: number
  readonly uncertain: boolean
  readonly tries: number
  /** Time of the next try by the monotonic clock; `Infinity` if there is nothing more to send. */
  readonly dueAt: number
}

const UNSENT: Progress = { partsDone: 0, uncertain: false, tries: 0, dueAt: 0 }

/**
 * Sends a notice to the channels directly. The queue in the store is not used, because the store
 * cannot be written.
 */
export class DirectNotice {
  private readonly deps: DirectNoticeDependencies
  private readonly notice: SingleNotification
  private readonly id: string
  private readonly queuedAt: number
  private readonly progress = new Map<string, Progress>()

  constructor(notice: SingleNotification, deps: DirectNoticeDependencies) {
    this.notice = notice
    this.deps = deps
    this.queuedAt = deps.clock.now()
    this.id = newId(this.queuedAt)
  }

  /**
   * Sends the notice on each channel for which a try is due. A channel that has accepted or refused
   * the notice is skipped. Any other channel is tried again after growing pauses. Never rejects.
   */
  async send(channels: readonly Channel[]): Promise<void> {
    await Promise.all(channels.map(channel => this.sendOn(channel)))
  }

  private async sendOn(channel: Channel): Promise<void> {
    const { clock, log, random } = this.deps
    const before = this.progress.get(channel.name) ?? UNSENT
    if (before.dueAt > clock.monotonic()) return
    const { partsDone, uncertain } = before
    // Prevents a second try if `send` is called again before this try has ended.
    this.progress.set(channel.name, { ...before, dueAt: Infinity })
    const message: Outgoing = {
      ...{ id: this.id, notice: this.notice, queuedAt: this.queuedAt },
      ...{ partsDone, uncertain },
    }
    const end = await channel.send(message, new AbortController().signal)
    const tries = before.tries + 1
    if (end.status !== 'delivered' && tries === 1)
      log.warn(`The channel ${channel.name} was not notified: ${end.why}`)
    const dueAt =
      end.status === 'later' ? clock.monotonic() + (end.afterMs ?? retryDelayMs(tries, random())) : Infinity
    this.progress.set(channel.name, {
      ...(end.status === 'later' ? { partsDone: end.partsDone, uncertain: end.uncertain } : before),
      ...{ tries, dueAt },
    })
  }
}
