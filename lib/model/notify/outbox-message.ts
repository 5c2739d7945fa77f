import { z } from 'zod'
import { ChannelName } from '../failure/notified-marker.ts'
import { Instant } from '../json.ts'
import { Notification } from './notification.ts'
import { DeliveryRejection } from './delivery-rejection.ts'

/** A notice that is to be sent through one channel. */
export const OutboxMessage = z.object({
  id: z.int().positive(),
  channel: ChannelName,
  notice: Notification,
  queuedAt: Instant,
  /** Number of failed tries. */
  tries: z.int().nonnegative(),
  /**
   * Number of parts that have been delivered. If a delivery is continued, it begins with the part
   * after these.
   */
  partsDone: z.int().nonnegative(),
  /**
   * True if no response to the last part that was sent has been read, so that the part may arrive
   * twice.
   */
  uncertain: z.boolean(),
})
export type OutboxMessage = z.infer<typeof OutboxMessage>

/** Result of one attempt to send a message. */
export const Delivery = z.discriminatedUnion('status', [
  z.object({ status: z.literal('delivered') }),
  /**
   * The attempt failed, and the message is tried again later. `afterMs` is the wait that the server
   * requested, and can be any length. `uncertain` is true if the message may have arrived.
   */
  z.object({
    status: z.literal('later'),
    why: z.string(),
    afterMs: z.exactOptional(z.number().nonnegative()),
    uncertain: z.boolean(),
    partsDone: z.int().nonnegative(),
  }),
  /**
   * The message was refused, and is not tried again until the cause in `refusal` has been removed.
   * `why` is the text for people.
   */
  z.object({ status: z.literal('refused'), why: z.string(), refusal: DeliveryRejection }),
])
export type Delivery = z.infer<typeof Delivery>

/** State of a channel. */
export const ChannelHealth = z.object({
  channel: ChannelName,
  waiting: z.int().nonnegative(),
  parked: z.int().nonnegative(),
  sent: z.int().nonnegative(),
  lastSentAt: Instant.nullable(),
  /**
   * Reason why the oldest waiting message, or the newest parked message, has not been sent; null if
   * there is none.
   */
  why: z.string().nullable(),
  refusal: DeliveryRejection.nullable(),
})
export type ChannelHealth = z.infer<typeof ChannelHealth>
