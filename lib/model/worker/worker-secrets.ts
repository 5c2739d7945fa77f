import { z } from 'zod'
import { TelegramSettings } from '../notify/notify-settings.ts'

/**
 * A user name and a password. They are secret: they are stored only in the memory of the owner and
 * in the file for one worker.
 */
export const Login = z.object({ username: z.string(), password: z.string() })
export type Login = z.infer<typeof Login>

/**
 * Origin of a site (scheme, host and port), as the browser names it in a challenge:
 * `https://shop.example`.
 */
export const Origin = z
  .string('must be a string')
  .refine(isOrigin, 'must be an origin such as "https://shop.example", without a path')
  .transform(text => new URL(text).origin)

/** Credentials for a site that requires HTTP authentication. */
export const SiteLogin = Login.extend({ origin: Origin })
export type SiteLogin = z.infer<typeof SiteLogin>

/** Credentials for a proxy. `server` is the address of the proxy for Chrome. */
export const ProxyLogin = Login.extend({ server: z.string().min(1) })
export type ProxyLogin = z.infer<typeof ProxyLogin>

/** Settings with which a worker itself notifies people of its crash if Control does not respond. */
export const FallbackNotifierSettings = z.object({
  telegram: TelegramSettings,
  language: z.enum(['en', 'it']),
  /** Name of the project. */
  project: z.string(),
})
export type FallbackNotifierSettings = z.infer<typeof FallbackNotifierSettings>

/**
 * Secrets of one worker. The worker reads them from `data/assignments/<workerId>.secrets`, and
 * removes the file.
 */
export const WorkerSecrets = z.object({
  proxy: ProxyLogin.nullable(),
  sites: z.array(SiteLogin),
  telling: z.exactOptional(FallbackNotifierSettings),
  /** Further texts that the worker's reports must not contain. */
  secrets: z.exactOptional(z.array(z.string())),
})
export type WorkerSecrets = z.infer<typeof WorkerSecrets>

export const NO_SECRETS: WorkerSecrets = { proxy: null, sites: [] }

/** Returns all secrets that a worker was given, as texts. */
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
