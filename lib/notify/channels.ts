import type { Clock } from '../core/time/clock.ts'
import { BELL } from '../model/failure/notified-marker.ts'
import type { NotifySettings } from '../model/notify/notify-settings.ts'
import type { Channel } from './channel.ts'
import type { NoticeWording } from './notice-text.ts'
import { telegramChannel } from './telegram.ts'
import { webhookChannel } from './webhook.ts'

/** Deadline of a message with a picture over a slow line. A slower connection is dead. */
const DEADLINE_MS = 20_000

/** Delivers by storing: consoles and plain lines show its sent messages, and ring. */
const bellChannel: Channel = { name: BELL, send: () => Promise.resolve({ status: 'delivered' }) }

export interface ChannelsOptions {
  readonly settings: NotifySettings
  readonly wording: NoticeWording
  readonly clock: Clock
  /** Reads the picture of a notice. */
  readonly pictureAt: (path: string) => Uint8Array | undefined
}

/** Returns the channels of the project. */
export function channelsOf({ settings, ...shared }: ChannelsOptions): Channel[] {
  const common = { ...shared, deadlineMs: DEADLINE_MS }
  const { telegram, webhook, bell } = settings
  return [
    ...(telegram === null ? [] : [telegramChannel({ ...common, settings: telegram })]),
    ...(webhook === null ? [] : [webhookChannel({ ...common, settings: webhook })]),
    ...(bell ? [bellChannel] : []),
  ]
}
