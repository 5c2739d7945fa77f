import { z } from 'zod'
import { ChannelName } from '../failure/notified-marker.ts'
import { Instant } from '../json.ts'

/**
 * Delivery of a message about a crash: the channel, the state, and the instant at which the message
 * was sent or refused.
 */
export const CrashDelivery = z.object({
  channel: ChannelName,
  state: z.enum(['waiting', 'sent', 'parked']),
  at: Instant.nullable(),
})
export type CrashDelivery = z.infer<typeof CrashDelivery>
