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
  /** How often it was tried in vain. */
  tries: z.int().nonnegative(),
  /** How many of its parts have arrived: what goes on, goes on after them. */
  partsDone: z.int().nonnegative(),
  /** Its next part was on its way when nobody listened for the answer any more: it may arrive twice. */
  uncertain: z.boolean(),
})
export type OutboxMessage = z.infer<typeof OutboxMessage>

/** How an attempt to send a message ended. */
export const Delivery = z.discriminatedUnion('status', [
  z.object({ status: z.literal('delivered') }),
  /** Not now. `afterMs`: the server said when, whatever it said. `uncertain`: it may have arrived all the same. */
  z.object({
    status: z.literal('later'),
    why: z.string(),
    afterMs: z.exactOptional(z.number().nonnegative()),
    uncertain: z.boolean(),
    partsDone: z.int().nonnegative(),
  }),
  /** Never, until what `refusal` says has changed. */
  z.object({ status: z.literal('refused'), why: z.string(), refusal: DeliveryRejection }),
])
export type Delivery = z.infer<typeof Delivery>

/** How a channel does. */
export const ChannelHealth = z.object({
  channel: ChannelName,
  waiting: z.int().nonnegative(),
  parked: z.int().nonnegative(),
  sent: z.int().nonnegative(),
  lastSentAt: Instant.nullable(),
  /** Why the oldest that waits, or the newest that is parked, has not gone out; null when there is nothing to say. */
  why: z.string().nullable(),
  refusal: DeliveryRejection.nullable(),
})
export type ChannelHealth = z.infer<typeof ChannelHealth>
