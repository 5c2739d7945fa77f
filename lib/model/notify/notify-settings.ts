import { z } from 'zod'
import { HoursOfDay } from '../schedule/time-window.ts'
import { Milliseconds } from '../json.ts'
import { secretsOfAddress, secretsOfHeader } from '../secrets/request-secrets.ts'

/** Settings of messages over Telegram. `token` is secret. */
export const TelegramSettings = z.object({
  token: z.string().min(1),
  chat: z.string().min(1),
  /** Root address of the Bot API, without a slash at its end. */
  apiRoot: z.url(),
  /** True if a failure's picture is sent with its message. */
  photos: z.boolean(),
})
export type TelegramSettings = z.infer<typeof TelegramSettings>

/** Target of messages posted as JSON. The address and the headers are secret. */
export const WebhookSettings = z.object({ url: z.url(), headers: z.record(z.string(), z.string()) })
export type WebhookSettings = z.infer<typeof WebhookSettings>

/** Channels and times of notifications, with all secrets filled in. */
export const NotifySettings = z.object({
  telegram: TelegramSettings.nullable(),
  webhook: WebhookSettings.nullable(),
  /** True if consoles ring and plain lines show the message. */
  bell: z.boolean(),
  /** Hours of the local clock. */
  quietHours: HoursOfDay.nullable(),
  /** Most messages a minute on each channel. The others come in one summary. */
  perMinute: z.int().positive(),
  /**
   * Address that is called while all is well, so that a monitoring service notices an outage.
   * Secret.
   */
  heartbeat: z.object({ url: z.url(), everyMs: Milliseconds }).nullable(),
})
export type NotifySettings = z.infer<typeof NotifySettings>

/** Returns every secret of the settings, as text that must not leave the machine. */
export function secretsOfNotify({ telegram, webhook, heartbeat }: NotifySettings): string[] {
  return [
    ...(telegram === null ? [] : [telegram.token]),
    ...(webhook === null ? [] : secretsOfAddress(webhook.url)),
    ...Object.entries(webhook?.headers ?? {}).flatMap(([name, value]) => secretsOfHeader(name, value)),
    ...(heartbeat === null ? [] : secretsOfAddress(heartbeat.url)),
  ]
}
