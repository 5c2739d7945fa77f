import { z } from 'zod'
import { AutomateError } from '../../core/errors/errors.ts'
import { durationMs, isDuration } from '../../core/time/duration.ts'
import { hoursText } from '../../model/schedule/time-window.ts'
import type { NotifySettings } from '../../model/notify/notify-settings.ts'
import { fromJsonText } from '../json-text.ts'

const TELEGRAM_API = 'https://api.telegram.org'

/**
 * Default maximum of messages per minute: about as many as a person can read. Telegram allows
 * twenty per minute in a group.
 */
const MESSAGES_A_MINUTE = 10

const DURATION = 'must be a duration such as "5m"'

/**
 * Matches the names and addresses of this machine, whose traffic does not pass through a network.
 */
const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/

/**
 * True if the address uses https, or http to this machine, so that no third party can read the
 * data.
 */
function isPrivateAddress(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, hostname } = new URL(address)
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname))
}

const Telegram = z.strictObject({
  token: z.string().min(1).optional(),
  tokenEnv: z.string().min(1).optional(),
  /** Telegram chat: its number, or `@name` for a channel. */
  chat: z.union([z.string().min(1), z.int()], { error: '"telegram" must have a "chat"' }).transform(String),
  apiRoot: z
    .url('"apiRoot" must be an address')
    .refine(
      isPrivateAddress,
      '"apiRoot" must be https, because the token is sent there; http is only allowed for this machine',
    )
    .default(TELEGRAM_API)
    .transform(address => address.replace(/(?<!\/)\/+$/, '')),
  photos: z.boolean().default(true),
})

const Address = z.url({
  protocol: /^https?$/,
  error: '"url" must be an address such as "https://example.com/hook"',
})

const Webhook = z.strictObject({
  url: Address.optional(),
  urlEnv: z.string().min(1).optional(),
  headers: z.record(z.string(), z.string()).default({}),
  /** Names of the variables with the values of headers, by header name. */
  headersEnv: z.record(z.string(), z.string().min(1)).default({}),
})

const Heartbeat = z.strictObject({
  url: Address.optional(),
  urlEnv: z.string().min(1).optional(),
  every: z.union([z.number(), z.string()]).refine(isDuration, DURATION).default('1m'),
})

const QUIET = '"quietHours" must be hours such as "22:00-07:00"'

const Notify = z.strictObject({
  telegram: Telegram.optional(),
  webhook: Webhook.optional(),
  bell: z.boolean('"bell" must be true or false').default(true),
  quietHours: hoursText(QUIET).optional(),
  perMinute: z
    .int('"perMinute" must be a whole number')
    .min(1, '"perMinute" must be 1 or more')
    .default(MESSAGES_A_MINUTE),
  heartbeat: Heartbeat.optional(),
})

/**
 * Schema of the notification settings. In the environment, they are one JSON text. The two forms
 * are not a union, because the error of a union would not name the wrong part.
 */
export const NotifySetting = z
  .custom<z.input<typeof Notify> | string>()
  .transform((value, context): unknown => {
    const notify = fromJsonText(value)
    if (notify !== undefined) return notify
    context.addIssue({ code: 'custom', message: 'must be JSON: { telegram: { token, chat }, … }' })
    return z.NEVER
  })
  .pipe(Notify)
export type NotifySetting = z.output<typeof NotifySetting>

/** Returns the names of the environment variables that the setting uses for secrets. */
export function notifyVariables({ telegram, webhook, heartbeat }: NotifySetting): string[] {
  return [
    telegram?.tokenEnv,
    webhook?.urlEnv,
    ...Object.values(webhook?.headersEnv ?? {}),
    heartbeat?.urlEnv,
  ].filter(name => name !== undefined)
}

/**
 * Returns the notification settings with their secrets.
 * @throws `config-invalid` if a variable is not set; the message names the setting and the
 * variable.
 */
export function notifySettings(
  { telegram, webhook, bell, quietHours, perMinute, heartbeat }: NotifySetting,
  env: Readonly<Record<string, string | undefined>>,
): NotifySettings {
  const find = (what: string, value: string | undefined, variable: string | undefined): string => {
    if ((value === undefined) === (variable === undefined)) {
      throw refusal(
        `"notify.${what}" must be set, or "notify.${what}Env" with the name of its variable, but not both`,
      )
    }
    const found = value ?? env[variable ?? '']
    if (found !== undefined && found !== '') return found
    throw refusal(
      `"notify.${what}" comes from the variable ${variable ?? ''}, which is not set in the environment or in .env`,
    )
  }
  return {
    telegram:
      telegram === undefined
        ? null
        : {
            token: find('telegram.token', telegram.token, telegram.tokenEnv),
            chat: telegram.chat,
            apiRoot: telegram.apiRoot,
            photos: telegram.photos,
          },
    webhook:
      webhook === undefined
        ? null
        : {
            url: address(
              'webhook.url',
              find('webhook.url', webhook.url, webhook.urlEnv),
              hasSecrets(webhook),
            ),
            headers: {
              ...webhook.headers,
              ...Object.fromEntries(
                Object.entries(webhook.headersEnv).map(([header, variable]) => [
                  header,
                  find(`webhook.headers.${header}`, undefined, variable),
                ]),
              ),
            },
          },
    bell,
    quietHours: quietHours ?? null,
    perMinute,
    heartbeat:
      heartbeat === undefined
        ? null
        : {
            url: address(
              'heartbeat.url',
              find('heartbeat.url', heartbeat.url, heartbeat.urlEnv),
              heartbeat.urlEnv !== undefined,
            ),
            everyMs: durationMs(heartbeat.every),
          },
  }
}

/**
 * True if the webhook has a secret: its address comes from a variable, or headers are sent with it.
 */
function hasSecrets({ urlEnv, headers, headersEnv }: z.output<typeof Webhook>): boolean {
  return urlEnv !== undefined || Object.keys(headers).length + Object.keys(headersEnv).length > 0
}

/**
 * Checks an address, which may come from a variable. If the address is secret, it must use https or
 * belong to this machine.
 */
function address(what: string, url: string, isSecret: boolean): string {
  if (!Address.safeParse(url).success) throw refusal(`"notify.${what}" is not a valid address`)
  if (!isSecret || isPrivateAddress(url)) return url
  throw refusal(
    `"notify.${what}" must be https, because secrets are sent there; http is only allowed for this machine`,
  )
}

function refusal(why: string): AutomateError {
  return new AutomateError('config-invalid', `The configuration is wrong: ${why}. Correct it.`)
}
