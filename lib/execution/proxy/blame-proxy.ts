import { AutomateError, errorCode, isAutomateError, messageOf } from '../../core/errors.ts'
import type { ErrorCode } from '../../core/errors.ts'
import { faultIn } from '../../domain/proxy.ts'
import { browserErrorKind } from '../../authoring/browser-errors.ts'
import { probeProxy } from './probe-proxy.ts'
import type { Probe, ProbedProxy } from './probe-proxy.ts'

/** What a proxy that hangs or has died looks like from inside the browser: a wait that is over, a connection that broke, a page that is not all there. */
const SYMPTOMS: ReadonlySet<ErrorCode> = new Set(['phase-timeout', 'navigate', 'element', 'deadline'])

/**
 * What Chrome says of a proxy that also a site can bring about: proxies answer a tunnel to a site that is down with 502 to 504, SOCKS has a reply for it, and a 407
 * to a plain request may be the site's own.
 */
const SITES_DOING =
  /net::err_(tunnel_connection_failed|https_proxy_tunnel_response|socks_connection_)|proxy_auth/i

/** A proxy that answers nothing for so long is of no use to a page either. */
const PROBE_LIMIT_MS = 4_000

/** No site has this name (RFC 2606), so that a proxy reports at once that it does not find it. */
const NO_SITE = {
  'http:': new URL('http://automate-tui.invalid/'),
  'https:': new URL('https://automate-tui.invalid/'),
}

/** Statuses by which a proxy refuses its service, whatever it is asked for: credentials, payment, rights or quota are missing. */
const REFUSALS: ReadonlySet<number> = new Set([401, 402, 403, 407, 429])

/**
 * A failure that may be the proxy's → an error with code `proxy`, with the failure as its cause, when the proxy turns out not to work; one that was taken for the
 * proxy's → an error with code `navigate` when the proxy works; anything else as it is. A site alone cannot make a proxy fail: what it does to its own responses
 * counts only where the proxy does not respond to a question that reaches no site. `asked` is the address that the page went to last. Never rejects; takes some
 * seconds at most.
 */
export async function blameProxy(thrown: unknown, proxy: ProbedProxy, asked: string): Promise<unknown> {
  const target = URL.parse(asked)
  if (target === null || !/^https?:$/.test(target.protocol)) return thrown
  const blamed = isBlamed(thrown)
  const code = browserErrorKind(thrown)?.code ?? errorCode(thrown)
  if (!blamed && !SYMPTOMS.has(code)) return thrown
  const failed = await failedProbe(proxy, target)
  if (failed === undefined) return blamed ? failureOfSite(thrown, proxy, target) : thrown
  if (blamed) return thrown
  return new AutomateError('proxy', `The proxy ${proxy.server} ${failed.why}.`, {
    facts: { proxy: proxy.server, status: failed.status, fault: failed.fault },
    cause: thrown,
  })
}

/** Tells whether a failure counts as the proxy's for a reason that may be the site's. An author's own `ProxyError` says what it means. */
function isBlamed(thrown: unknown): boolean {
  if (isAutomateError(thrown)) {
    const fault = thrown.code === 'proxy' ? faultIn(thrown.facts) : null
    return fault?.kind === 'refuses' || fault?.kind === 'no-login'
  }
  return browserErrorKind(thrown)?.code === 'proxy' && SITES_DOING.test(messageOf(thrown))
}

/** Returns how the proxy failed, for the site and for a name that is no site's; undefined if it works for one of them. */
async function failedProbe(proxy: ProbedProxy, target: URL): Promise<Probe | undefined> {
  const secure = target.protocol === 'https:'
  const kinds = secure ? (['https:', 'http:'] as const) : (['http:', 'https:'] as const)
  const [same, other] = await Promise.all(kinds.map(kind => probeProxy(proxy, NO_SITE[kind], PROBE_LIMIT_MS)))
  if (same === undefined || other === undefined) return undefined
  // Some proxies break off a request for an unknown name, and respond to the tunnel.
  const neutral = hasResponded(same) ? same : other
  if (admits(neutral)) return undefined
  // No site has spoken: what listens there is no proxy.
  const malformed = [same, other].find(({ state, status }) => state === 'answers' && status === null)
  if (malformed !== undefined) return malformed
  const ofSite = await probeProxy(proxy, target, PROBE_LIMIT_MS)
  const refused = secure && ofSite.status === neutral.status && REFUSALS.has(ofSite.status ?? 0)
  if (refused) return ofSite
  return ofSite.state === 'works' || ofSite.state === 'answers' ? undefined : ofSite
}

/** A SOCKS proxy has no status. */
const hasResponded = ({ state, status }: Probe) => state === 'works' || status !== null

const admits = (probe: Probe) => hasResponded(probe) && !REFUSALS.has(probe.status ?? 0)

function failureOfSite(thrown: unknown, { server }: ProbedProxy, { host }: URL): AutomateError {
  return new AutomateError(
    'navigate',
    `The proxy ${server} could not load ${host}, and responds to other requests: see whether the site works. ${messageOf(thrown)}`,
    { facts: { proxy: server, host }, cause: thrown },
  )
}
