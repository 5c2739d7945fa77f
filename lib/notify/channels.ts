import type { Clock } from '../core/time/clock.ts'
import { BELL } from '../model/failure/notified-marker.ts'
import type { NotifySettings } from '../model/notify/notify-settings.ts'
import type { Channel } from './channel.ts'
import type { NoticeWording } from './notice-text.ts'
import { telegramChannel } from './telegram.ts'
import { webhookChannel } from './webhook.ts'

/** A message with a picture over a slow line; beyond that the connection is dead. */
const DEADLINE_MS = 20_000

/** Arrives by being in the store: consoles and plain lines show what was sent on it, and ring. */
const bellChannel: Channel = { name: BELL, send: () => Promise.resolve({ status: 'delivered' }) }

export interface ChannelsOptions {
  readonly settings: NotifySettings
  readonly wording: NoticeWording
  readonly clock: Clock
  /** Reads the picture that a notice names. */
  readonly pictureAt: (path: string) => Uint8Array | undefined
}

/** The channels that the project has. */
export function channelsOf({ settings, ...shared }: ChannelsOptions): Channel[] {
  const common = { ...shared, deadlineMs: DEADLINE_MS }
  const { telegram, webhook, bell } = settings
  return [
    ...(telegram === null ? [] : [telegramChannel({ ...common, settings: telegram })]),
    ...(webhook === null ? [] : [webhookChannel({ ...common, settings: webhook })]),
    ...(bell ? [bellChannel] : []),
  ]
}
