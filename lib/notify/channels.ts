import type { Clock } from '../core/time/clock.ts'
import { BELL } from '../model/failure/notified-marker.ts'
import type { NotifySettings } from '../model/notify/notify-settings.ts'
import type { Channel } from './channel.ts'
import type { NoticeWording } from './notice-text.ts'
import { telegramChannel } from './telegram.ts'
import { webhookChannel } from './webhook.ts'

/**
 * Deadline for sending a message, long enough for a picture over a slow connection. A connection
 * that takes longer is dead.
 */
const DEADLINE_MS = 20_000

/**
 * Channel that delivers a message by storing it: consoles and plain lines show the stored messages
 * and ring the bell.
 */
const bellChannel: Channel = { name: BELL, send: () => Promise.resolve({ status: 'delivered' }) }

export interface ChannelsOptions {
  readonly settings: NotifySettings
  readonly wording: NoticeWording
  readonly clock: Clock
  /** Returns the contents of the picture file of a notice, or undefined if there is none. */
  readonly pictureAt: (path: string) => Uint8Array | undefined
}

/** Returns the channels that the project's settings configure. */
export function channelsOf({ settings, ...shared }: ChannelsOptions): Channel[] {
  const common = { ...shared, deadlineMs: DEADLINE_MS }
  const { telegram, webhook, bell } = settings
  return [
    ...(telegram === null ? [] : [telegramChannel({ ...common, settings: telegram })]),
    ...(webhook === null ? [] : [webhookChannel({ ...common, settings: webhook })]),
    ...(bell ? [bellChannel] : []),
  ]
}
