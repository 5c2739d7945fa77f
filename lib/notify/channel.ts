import type { ChannelName } from '../model/failure/notified-marker.ts'
import type { Delivery } from '../model/notify/outbox-message.ts'
import type { Notification } from '../model/notify/notification.ts'

/** A message to send, and its progress. */
export interface Outgoing {
  /** Unique and constant over repeats, so that a receiver can recognize a repeat. */
  readonly id: string
  readonly notice: Notification
  readonly queuedAt: number
  /** The moment of its facts, if that is some time ago. */
  readonly asOf?: number
  readonly partsDone: number
  /** True if the message may have arrived before. */
  readonly uncertain: boolean
}

/** A channel to people for notices. */
export interface Channel {
  readonly name: ChannelName
  /**
   * Sends the remaining parts of a message. Never rejects. Ends soon after the signal aborts, and
   * always within its deadline.
   */
  send(message: Outgoing, signal: AbortSignal): Promise<Delivery>
}
