import { sizeText } from '../../core/text/size.ts'
import { MAX_LOGIN_BYTES } from '../../model/worker/account.ts'
import type { BrowserState } from './browser-state.ts'
import { listed } from './login-origins.ts'
import type { LoginHosts } from './login-origins.ts'

type Cookie = BrowserState['cookies'][number]

/**
 * Cookies of one domain: those for the domain with its subdomains, and those for its host alone.
 */
export interface DomainCookies {
  readonly domain: string
  readonly cookies: readonly Cookie[]
  /** Size of the cookies as JSON. */
  readonly bytes: number
}

export function cookiesByDomain(cookies: readonly Cookie[]): DomainCookies[] {
  return [...Map.groupBy(cookies, ({ domain }) => domain.replace(/^\./, ''))].map(([domain, its]) => ({
    domain,
    cookies: its,
    bytes: its.reduce((sum, cookie) => sum + cookieBytes(cookie), 0),
  }))
}

export const cookieBytes = (cookie: Cookie): number => Buffer.byteLength(JSON.stringify(cookie))

/**
 * Omits cookies of third parties until `excess` bytes are gone, or no such cookie remains. Whole
 * domains are omitted, the largest first. Cookies that a single sign-on may need are omitted last.
 */
export function withoutThirdParties(
  cookies: readonly Cookie[],
  { shown, passed }: LoginHosts,
  excess: number,
): { kept: Cookie[]; left: DomainCookies[] } {
  const sites = new Set([...shown].map(siteOf))
  const mayBeNeeded = ({ domain }: DomainCookies) => sites.has(siteOf(domain)) || belongs(domain, passed)
  const thirdParties = cookiesByDomain(cookies)
    .filter(({ domain }) => !belongs(domain, shown))
    .toSorted((one, other) => other.bytes - one.bytes)
  const ordered = [
    ...thirdParties.filter(one => !mayBeNeeded(one)),
    ...thirdParties.filter(one => mayBeNeeded(one)),
  ]
  const left: DomainCookies[] = []
  let over = excess
  for (const one of ordered) {
    if (over <= 0) break
    left.push(one)
    over -= one.bytes
  }
  const gone = new Set(left.flatMap(one => one.cookies))
  return { kept: cookies.filter(cookie => !gone.has(cookie)), left }
}

/** True if one of the hosts receives a cookie of this domain, or is a parent of the domain. */
function belongs(domain: string, hosts: ReadonlySet<string>): boolean {
  return [...hosts].some(
    host => host === domain || host.endsWith(`.${domain}`) || domain.endsWith(`.${host}`),
  )
}

/**
 * Returns the site of a host, as far as possible without the list of public suffixes: `a.co.uk` and
 * `b.co.uk` count as one. This is harmless, because the site only decides an order.
 */
const siteOf = (host: string) => host.split('.').slice(-2).join('.')

/** Returns the log text for the cookies that a login omits. */
export function cookiesLeftText(left: readonly DomainCookies[]): string {
  const named = listed(left.map(({ domain, bytes }) => `${domain} (${sizeText(bytes)})`))
  return `the login is saved without the cookies of ${named}, because it would be larger than ${sizeText(MAX_LOGIN_BYTES)} with them and no page of the workflow has shown these hosts in this job`
}
