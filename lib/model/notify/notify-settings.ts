import { z } from 'zod'
import { HoursOfDay } from '../schedule/time-window.ts'
import { Milliseconds } from '../json.ts'
import { secretsOfAddress, secretsOfHeader } from '../secrets/request-secrets.ts'

/** Settings for messages over Telegram. `token` is secret. */
export const TelegramSettings = z.object({
  token: z.string().min(1),
  chat: z.string().min(1),
  /** Base address of the Bot API, without a slash at its end. */
  apiRoot: z.url(),
  /** True if a failure's screenshot is sent with its message. */
  photos: z.boolean(),
})
export type TelegramSettings = z.infer<typeof TelegramSettings>

/**
 * Address to which messages are posted as JSON, and the headers of these requests. Both are secret.
 */
export const WebhookSettings = z.object({ url: z.url(), headers: z.record(z.string(), z.string()) })
export type WebhookSettings = z.infer<typeof WebhookSettings>

/** Settings of notifications, with all secrets filled in. */
export const NotifySettings = z.object({
  telegram: TelegramSettings.nullable(),
  webhook: WebhookSettings.nullable(),
  /** True if consoles ring the bell, and a scheduler without screens prints the message. */
  bell: z.boolean(),
  /** Hours of the local time in which no messages are sent; null for none. */
  quietHours: HoursOfDay.nullable(),
  /**
   * Maximum number of messages a minute on each channel. Further messages are combined into one
   * summary.
   */
  perMinute: z.int().positive(),
  /**
   * Address that is requested at intervals while the scheduler is well, so that a monitoring
   * service notices an outage. Secret; null for none.
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
