import { z } from 'zod'
import { HoursOfDay } from '../schedule/time-window.ts'
import { Milliseconds } from '../json.ts'
import { secretsOfAddress, secretsOfHeader } from '../secrets/request-secrets.ts'

/** How messages reach a person over Telegram. `token` is secret. */
export const TelegramSettings = z.object({
  token: z.string().min(1),
  chat: z.string().min(1),
  /** Where the Bot API is, without a slash at its end. */
  apiRoot: z.url(),
  /** Whether the picture of a failure goes with its message. */
  photos: z.boolean(),
})
export type TelegramSettings = z.infer<typeof TelegramSettings>

/** Where messages are posted as JSON. The address and the headers are secret. */
export const WebhookSettings = z.object({ url: z.url(), headers: z.record(z.string(), z.string()) })
export type WebhookSettings = z.infer<typeof WebhookSettings>

/** Whom to tell of failures, and when not to, with all secrets in place. */
export const NotifySettings = z.object({
  telegram: TelegramSettings.nullable(),
  webhook: WebhookSettings.nullable(),
  /** Whether consoles ring and plain lines say it. */
  bell: z.boolean(),
  /** By the local clock. */
  quietHours: HoursOfDay.nullable(),
  /** Most messages a minute on each channel; the rest comes in one summary. */
  perMinute: z.int().positive(),
  /** An address that is called while all is well, so that somebody hears when it is not. Secret. */
  heartbeat: z.object({ url: z.url(), everyMs: Milliseconds }).nullable(),
})
export type NotifySettings = z.infer<typeof NotifySettings>

/** Every secret in the settings, as text that must not leave. */
export function secretsOfNotify({ telegram, webhook, heartbeat }: NotifySettings): string[] {
  return [
    ...(telegram === null ? [] : [telegram.token]),
    ...(webhook === null ? [] : secretsOfAddress(webhook.url)),
    ...Object.entries(webhook?.headers ?? {}).flatMap(([name, value]) => secretsOfHeader(name, value)),
    ...(heartbeat === null ? [] : secretsOfAddress(heartbeat.url)),
  ]
}
