import { z } from 'zod'
import { Instant } from '../json.ts'

/**
 * Name of a notification channel, as in the setting `notify`. The name is also used in rows and
 * logs.
 */
export const ChannelName = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/)
export type ChannelName = z.infer<typeof ChannelName>

/** Channel that rings the bell of consoles. Its messages never leave the machine. */
export const BELL = 'bell'

const marker = { kind: z.literal('crash-mark'), channel: ChannelName, at: Instant }

/**
 * Marker next to a crash file (`data/crashes/job_<id>_<ts>.mark`), for the case that the worker
 * itself notifies people of the crash. `sending` is written before the message is sent, `sent`
 * after its arrival. Without a marker no message has been sent.
 */
const NotifiedMarkerV2 = z.object({ ...marker, version: z.literal(2), state: z.enum(['sending', 'sent']) })
export type NotifiedMarker = z.infer<typeof NotifiedMarkerV2>

/** Marker of a worker that an earlier version of the program started. */
const NotifiedMarkerV1 = z
  .object({ ...marker, version: z.literal(1), state: z.enum(['telling', 'told']) })
  .transform(({ state, ...rest }): NotifiedMarker => ({
    ...rest,
    version: 2,
    state: state === 'told' ? 'sent' : 'sending',
  }))

export const NotifiedMarker = z.discriminatedUnion('version', [NotifiedMarkerV2, NotifiedMarkerV1])

/**
 * Channels through which a worker itself has notified people of its crash. `sure` is false if the
 * worker was killed while it was sending, so that it is unknown if the message arrived.
 */
export const NotifiedBy = z.object({ channels: z.array(ChannelName), sure: z.boolean() })
export type NotifiedBy = z.infer<typeof NotifiedBy>

export const NOT_NOTIFIED: NotifiedBy = { channels: [], sure: true }
