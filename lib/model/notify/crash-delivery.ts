import { z } from 'zod'
import { ChannelName } from '../failure/notified-marker.ts'
import { Instant } from '../json.ts'

/** A message that tells of a crash: on which channel, how far it is, and when it went out or was refused. */
export const CrashDelivery = z.object({
  channel: ChannelName,
  state: z.enum(['waiting', 'sent', 'parked']),
  at: Instant.nullable(),
})
export type CrashDelivery = z.infer<typeof CrashDelivery>
