import { z } from 'zod'
import { TelegramSettings } from '../notify/notify-settings.ts'

/**
 * A name and a password. Secret: stored only in the owner's memory and in the file for one worker.
 */
export const Login = z.object({ username: z.string(), password: z.string() })
export type Login = z.infer<typeof Login>

/**
 * Origin of a site, as the browser names it in a challenge, `https://shop.example`: scheme, host
 * and port.
 */
export const Origin = z
  .string('must be a string')
  .refine(isOrigin, 'must be an origin such as "https://shop.example", without a path')
  .transform(text => new URL(text).origin)

/** A worker's reply to a site that requires HTTP authentication. */
export const SiteLogin = Login.extend({ origin: Origin })
export type SiteLogin = z.infer<typeof SiteLogin>

/** A worker's reply to its proxy's challenge. `server` is the proxy's name for Chrome. */
export const ProxyLogin = Login.extend({ server: z.string().min(1) })
export type ProxyLogin = z.infer<typeof ProxyLogin>

/** Settings with which a worker reports its own crash if Control does not respond. */
export const FallbackNotifierSettings = z.object({
  telegram: TelegramSettings,
  language: z.enum(['en', 'it']),
  /** The project's name. */
  project: z.string(),
})
export type FallbackNotifierSettings = z.infer<typeof FallbackNotifierSettings>

/**
 * The secrets of one worker. The worker removes `data/assignments/<workerId>.secrets` after reading
 * the file.
 */
export const WorkerSecrets = z.object({
  proxy: ProxyLogin.nullable(),
  sites: z.array(SiteLogin),
  telling: z.exactOptional(FallbackNotifierSettings),
  /** Other texts that its reports must not contain. */
  secrets: z.exactOptional(z.array(z.string())),
})
export type WorkerSecrets = z.infer<typeof WorkerSecrets>

export const NO_SECRETS: WorkerSecrets = { proxy: null, sites: [] }

/** Returns every secret given to a worker, as text. */
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
