import { z } from 'zod'
import { TelegramSettings } from '../notify/notify-settings.ts'

/** A name and a password. Secret: only ever in the owner's memory and in the file that hands it to one worker. */
export const Login = z.object({ username: z.string(), password: z.string() })
export type Login = z.infer<typeof Login>

/** `https://shop.example`: scheme, host and port of a site, as the browser names it in a challenge. */
export const Origin = z
  .string('must be a text')
  .refine(isOrigin, 'must be an origin such as "https://shop.example", without a path')
  .transform(text => new URL(text).origin)

/** What a worker answers when a site asks for HTTP authentication. */
export const SiteLogin = Login.extend({ origin: Origin })
export type SiteLogin = z.infer<typeof SiteLogin>

/** What a worker answers when its proxy asks. `server` is the proxy as Chrome is told it. */
export const ProxyLogin = Login.extend({ server: z.string().min(1) })
export type ProxyLogin = z.infer<typeof ProxyLogin>

/** With what a worker tells of its own crash, when Control does not answer. */
export const FallbackNotifierSettings = z.object({
  telegram: TelegramSettings,
  language: z.enum(['en', 'it']),
  /** The project's name. */
  project: z.string(),
})
export type FallbackNotifierSettings = z.infer<typeof FallbackNotifierSettings>

/** The secrets of one worker. `data/assignments/<workerId>.secrets`, removed as soon as the worker has read it. */
export const WorkerSecrets = z.object({
  proxy: ProxyLogin.nullable(),
  sites: z.array(SiteLogin),
  telling: z.exactOptional(FallbackNotifierSettings),
  /** Texts that must not stand in its reports, beside those above. */
  secrets: z.exactOptional(z.array(z.string())),
})
export type WorkerSecrets = z.infer<typeof WorkerSecrets>

export const NO_SECRETS: WorkerSecrets = { proxy: null, sites: [] }

/** Every secret that a worker has been given, as text. */
export function secretsOfWorker({ proxy, sites, telling, secrets = [] }: WorkerSecrets): string[] {
  return [
    ...secrets,
    ...(proxy === null ? [] : [proxy.password]),
    ...sites.map(({ password }) => password),
    ...(telling === undefined ? [] : [telling.telegram.token]),
  ]
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, pathname, search, hash, username, password } = new URL(text)
  return (
    (protocol === 'http:' || protocol === 'https:') &&
    (pathname === '/' || pathname === '') &&
    `${search}${hash}${username}${password}` === ''
  )
}
