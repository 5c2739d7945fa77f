import { z } from 'zod'
import { Instant } from '../json.ts'

/** The name of a channel that messages go out by, as in the setting `notify`: it stands in rows and logs. */
export const ChannelName = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/)
export type ChannelName = z.infer<typeof ChannelName>

/** The channel on which consoles ring: it sends nothing out. */
export const BELL = 'bell'

/**
 * Beside a crash file, how far its worker is in telling of it by itself: `telling` is written before the message is sent, `told` after it has arrived.
 * `data/crashes/job_<id>_<ts>.mark`. Without a mark nothing has been sent.
 */
export const NotifiedMarker = z.object({
  kind: z.literal('crash-mark'),
  version: z.literal(1),
  state: z.enum(['telling', 'told']),
  channel: ChannelName,
  at: Instant,
})
export type NotifiedMarker = z.infer<typeof NotifiedMarker>

/**
 * Whom a worker has told of its crash by itself. Not `sure`: it was killed while the message was on its way, and nobody can know.
 */
export const NotifiedBy = z.object({ channels: z.array(ChannelName), sure: z.boolean() })
export type NotifiedBy = z.infer<typeof NotifiedBy>

export const NOT_NOTIFIED: NotifiedBy = { channels: [], sure: true }
