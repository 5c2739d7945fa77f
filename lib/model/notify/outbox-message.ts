import { z } from 'zod'
import { ChannelName } from '../failure/notified-marker.ts'
import { Instant } from '../json.ts'
import { Notification } from './notification.ts'
import { DeliveryRejection } from './delivery-rejection.ts'

/** A notice on its way to one channel. */
export const OutboxMessage = z.object({
  id: z.int().positive(),
  channel: ChannelName,
  notice: Notification,
  queuedAt: Instant,
  /** Number of failed tries. */
  tries: z.int().nonnegative(),
  /** Number of delivered parts. A continued delivery starts after the delivered parts. */
  partsDone: z.int().nonnegative(),
  /** True if the response to the last part was never read, so that the part may arrive twice. */
  uncertain: z.boolean(),
})
export type OutboxMessage = z.infer<typeof OutboxMessage>

/** The end of one attempt to send a message. */
export const Delivery = z.discriminatedUnion('status', [
  z.object({ status: z.literal('delivered') }),
  /**
   * Failed for now. `afterMs` is the wait that the server requested, of any length. `uncertain` if
   * the message may have arrived.
   */
  z.object({
    status: z.literal('later'),
    why: z.string(),
    afterMs: z.exactOptional(z.number().nonnegative()),
    uncertain: z.boolean(),
    partsDone: z.int().nonnegative(),
  }),
  /** Refused until the reason in `refusal` has changed. */
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
   * Reason for which the oldest waiting or the newest parked message is unsent; null if there is
   * none.
   */
  why: z.string().nullable(),
  refusal: DeliveryRejection.nullable(),
})
export type ChannelHealth = z.infer<typeof ChannelHealth>
