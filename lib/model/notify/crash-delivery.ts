import { z } from 'zod'
import { ChannelName } from '../failure/notified-marker.ts'
import { Instant } from '../json.ts'

/** A message about a crash: its channel, its state, and the instant of its sending or refusal. */
export const CrashDelivery = z.object({
  channel: ChannelName,
  state: z.enum(['waiting', 'sent', 'parked']),
  at: Instant.nullable(),
})
export type CrashDelivery = z.infer<typeof CrashDelivery>
