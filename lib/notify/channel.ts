import type { ChannelName } from '../model/failure/notified-marker.ts'
import type { Delivery } from '../model/notify/outbox-message.ts'
import type { Notification } from '../model/notify/notification.ts'

/** Message to send, and the progress of its delivery. */
export interface Outgoing {
  /**
   * Unique id of the message. It is the same in every retry, so that a receiver can recognize a
   * repeated message.
   */
  readonly id: string
  readonly notice: Notification
  readonly queuedAt: number
  /**
   * Epoch ms at which the message was queued, if that is some time ago. The message then states
   * that its facts are as of that moment.
   */
  readonly asOf?: number
  readonly partsDone: number
  /** True if an earlier try may have delivered the message. */
  readonly uncertain: boolean
}

/** Channel through which people receive notices. */
export interface Channel {
  readonly name: ChannelName
  /**
   * Sends the parts of a message that have not been sent yet. Never rejects. Ends soon after the
   * signal aborts, and always within the channel's deadline.
   */
  send(message: Outgoing, signal: AbortSignal): Promise<Delivery>
}
