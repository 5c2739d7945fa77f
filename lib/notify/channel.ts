import type { ChannelName } from '../model/failure/notified-marker.ts'
import type { Delivery } from '../model/notify/outbox-message.ts'
import type { Notification } from '../model/notify/notification.ts'

/** What is to be sent, and how far it has gone already. */
export interface Outgoing {
  /** Unique, and the same each time that it is sent: a receiver can tell a repeat by it. */
  readonly id: string
  readonly notice: Notification
  readonly queuedAt: number
  /** The moment that it describes, if that is some time ago. */
  readonly asOf?: number
  readonly partsDone: number
  /** It may have arrived before. */
  readonly uncertain: boolean
}

/** One way in which notices reach people. */
export interface Channel {
  readonly name: ChannelName
  /** Sends what is left of a message. Never rejects; ends soon after the signal aborts, and within its deadline in any case. */
  send(message: Outgoing, signal: AbortSignal): Promise<Delivery>
}
