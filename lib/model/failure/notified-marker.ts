import { z } from 'zod'
import { Instant } from '../json.ts'

/**
 * The name of a notification channel, as in the setting `notify`. The name appears in rows and
 * logs.
 */
export const ChannelName = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/)
export type ChannelName = z.infer<typeof ChannelName>

/** The channel that rings consoles. Its messages never leave the machine. */
export const BELL = 'bell'

/**
 * Marker of a crash file (`data/crashes/job_<id>_<ts>.mark`) for the worker's own notification:
 * `telling` is written before the message is sent, `told` after its arrival. Without a marker
 * nothing has been sent.
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
 * Channels through which a worker has reported its crash itself. Not `sure` if the worker was
 * killed while sending, so that the arrival is unknown.
 */
export const NotifiedBy = z.object({ channels: z.array(ChannelName), sure: z.boolean() })
export type NotifiedBy = z.infer<typeof NotifiedBy>

export const NOT_NOTIFIED: NotifiedBy = { channels: [], sure: true }
