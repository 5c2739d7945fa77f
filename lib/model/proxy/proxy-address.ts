import { createHash } from 'node:crypto'
import { z } from 'zod'
import { percentDecoded } from '../../core/text/percent-decoded.ts'
import type { Login } from '../worker/worker-secrets.ts'

/**
 * Name of a proxy in the store, in messages and in commands: its address without credentials. A
 * short digest of the user name follows, so that entries that have the same address and different
 * user names have different names. Rotating providers sell such entries.
 * `withDistinctIds` adds another digest for entries with different passwords.
 */
export const ProxyId = z.string().regex(/^(http|https|socks5):\/\/[^\s/@#]+(#[0-9a-f]{6}(-[0-9a-f]{8})?)?$/)
export type ProxyId = z.infer<typeof ProxyId>

/** One proxy of the pool. `server` is the address of the proxy for Chrome, without credentials. */
export interface Proxy {
  readonly id: ProxyId
  readonly server: string
  readonly login: Login | null
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443', 'socks5:': '1080' }

/**
 * Length of the digest in hexadecimal digits. It is long enough to distinguish the user names of
 * one address, and too short to reveal a name.
 */
const DIGEST_LENGTH = 6

/**
 * Parses the address of a proxy: `http://name:secret@host:port`, or the same with `https` or
 * `socks5`, or without credentials. The address of an HTTP proxy can omit the scheme. If the
 * address is refused, returns the problem as a text that never contains the credentials.
 */
export function parseProxy(text: string): Proxy | { readonly problem: string } {
  const address = text.includes('://') ? text.trim() : `http://${text.trim()}`
  // A text before the first "://" that is not a scheme may be a user name, so the problem does not
  // contain it.
  if (!/^[a-z][a-z\d+.-]*:\/\//i.test(address) || !URL.canParse(address))
    return { problem: 'is not a proxy address; write http://name:secret@host:port' }
  // The URL standard does not parse the port and the credentials of an unknown scheme, so the
  // address is parsed with the scheme "http".
  const scheme = new URL(address).protocol
  const standard = DEFAULT_PORTS[scheme]
  if (standard === undefined)
    return { problem: `has the unknown scheme "${scheme.slice(0, -1)}"; use http, https or socks5` }
  const url = new URL(`http:${address.slice(scheme.length)}`)
  if (url.hostname === '') return { problem: 'has no host; write http://name:secret@host:port' }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    return {
      problem:
        'has text after its port; write http://name:secret@host:port (in the password, write "/", "?" and "#" as %2F, %3F and %23)',
    }
  }
  const port = /:80\/?$/.test(address) && url.port === '' ? '80' : url.port
  const server = `${scheme}//${url.hostname}:${port === '' ? standard : port}`
  const username = percentDecoded(url.username)
  const password = percentDecoded(url.password)
  if (username === undefined || password === undefined) {
    return { problem: 'has a "%" in its credentials that starts no escape; write a "%" as %25' }
  }
  if (username === '' && password === '') return { id: server, server, login: null }
  if (scheme === 'socks5:') {
    return {
      problem: `${server} has credentials, and Chrome cannot log in to a SOCKS5 proxy; use the provider's HTTP port, or allow this machine's address at the proxy and remove the credentials`,
    }
  }
  const digest = createHash('sha256').update(username).digest('hex').slice(0, DIGEST_LENGTH)
  return { id: `${server}#${digest}`, server, login: { username, password } }
}
