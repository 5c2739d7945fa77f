import { createHmac } from 'node:crypto'
import type { Proxy } from './proxy-address.ts'

/** Length that distinguishes thousands of passwords of one user name. */
const DIGEST_LENGTH = 8

/**
 * Returns the proxies with a distinct id for each login. If entries of one id have different
 * logins, because their provider takes the country or the session from the password, the ids of
 * these entries get a digest of the login. The digest does not depend on the order of the entries,
 * so a proxy keeps its health when the list changes. `key` is called only for such entries.
 */
export function withDistinctIds(proxies: readonly Proxy[], key: () => Uint8Array): readonly Proxy[] {
  const logins = new Map<string, string>()
  const shared = new Set<string>()
  for (const proxy of proxies) {
    const login = loginOf(proxy)
    const first = logins.get(proxy.id) ?? login
    logins.set(proxy.id, first)
    if (login !== first) shared.add(proxy.id)
  }
  if (shared.size === 0) return proxies
  const secret = key()
  return proxies.map(proxy =>
    shared.has(proxy.id) ? { ...proxy, id: `${proxy.id}-${digestOf(proxy, secret)}` } : proxy,
  )
}

const loginOf = ({ login }: Proxy): string => JSON.stringify([login?.username, login?.password])

/**
 * Returns a digest of the login. Ids are shown and stored, and without a secret key a password
 * could be guessed from its digest.
 */
function digestOf(proxy: Proxy, key: Uint8Array): string {
  const text = `proxy id\n${proxy.server}\n${loginOf(proxy)}`
  return createHmac('sha256', key).update(text).digest('hex').slice(0, DIGEST_LENGTH)
}

/**
 * True if a proxy has a name: its id, its address, or the id that all entries of its user name had
 * before a second password.
 */
export function isNamed({ id, server }: Proxy, name: string): boolean {
  return name === id || name === server || id.startsWith(`${name}-`)
}
