import { AutomateError, errorCode, messageOf } from '../../core/errors/errors.ts'
import type { ErrorCode } from '../../core/errors/errors.ts'
import { browserErrorKind } from '../../authoring/browser-errors.ts'
import { probeProxy } from './probe-proxy.ts'
import type { Probe, ProbedProxy } from './probe-proxy.ts'
import { seemsToBeOfProxy } from './suspicion.ts'

/**
 * Codes of the errors that a hanging or dead proxy causes inside the browser: an exceeded limit, a
 * broken connection, an incomplete page.
 */
const SYMPTOMS: ReadonlySet<ErrorCode> = new Set(['phase-timeout', 'navigate', 'element', 'deadline'])

/**
 * Matches Chrome's proxy errors that no site can cause. The excluded errors can come from a site:
 * proxies respond in the place of a site that is down, SOCKS has a reply for such a site, and a 407
 * may be the site's own response.
 */
const PROXYS_DOING =
  /^net::err_(?!tunnel_connection_failed|https_proxy_tunnel_response|socks_connection_|\w*proxy_auth)/i

/** Longest wait for a proxy's reply. A slower proxy is useless for a page, too. */
const PROBE_LIMIT_MS = 4_000

/**
 * Addresses that belong to no site (RFC 2606), for which a proxy reports at once that the host name
 * does not exist.
 */
const NO_SITE = {
  'http:': new URL('http://automate-tui.invalid/'),
  'https:': new URL('https://automate-tui.invalid/'),
}

/**
 * Statuses by which a proxy refuses any request, because credentials, payment, permissions or quota
 * are missing.
 */
const REFUSALS: ReadonlySet<number> = new Set([401, 402, 403, 407, 429])

/**
 * Returns the failure with its real source. A failure that may be the proxy's becomes an error with
 * code `proxy`, with the failure as its cause, if the proxy does not work. A failure that seemed to
 * be the proxy's becomes an error with code `navigate` if the proxy works. Any other failure stays
 * unchanged.
 *
 * The text of a failure alone never proves that the proxy is the source. The proxy is always
 * checked with a request that reaches no site, because a site's own responses prove nothing about
 * the proxy. `asked` is the page's newest address. Never rejects; takes some seconds at most.
 */
export async function attributeProxyError(
  thrown: unknown,
  proxy: ProbedProxy,
  asked: string,
): Promise<unknown> {
  const target = targetOf(asked)
  const suspected = seemsToBeOfProxy(thrown)
  const code = browserErrorKind(thrown)?.code ?? errorCode(thrown)
  const isSymptom = SYMPTOMS.has(code) && target !== null
  if (!suspected && !isSymptom) return thrown
  const failed = await failedProbe(proxy, target)
  if (failed === undefined) return suspected ? failureOfOthers(thrown, proxy, target) : thrown
  if (suspected) return thrown
  return new AutomateError('proxy', `The proxy ${proxy.server} ${failed.why}.`, {
    facts: { proxy: proxy.server, status: failed.status, fault: failed.fault },
    cause: thrown,
  })
}

/**
 * Returns the address if it is one for which a proxy can be asked (http or https); null for any
 * other, such as the address of an empty page.
 */
function targetOf(asked: string): URL | null {
  const target = URL.parse(asked)
  return target !== null && /^https?:$/.test(target.protocol) ? target : null
}

/**
 * Probes the proxy with host names that belong to no site, and then with the site. Returns the
 * failed probe, or undefined if the proxy works for one of them.
 */
async function failedProbe(proxy: ProbedProxy, target: URL | null): Promise<Probe | undefined> {
  const secure = target?.protocol === 'https:'
  const kinds = secure ? (['https:', 'http:'] as const) : (['http:', 'https:'] as const)
  const [same, other] = await Promise.all(kinds.map(kind => probeProxy(proxy, NO_SITE[kind], PROBE_LIMIT_MS)))
  if (same === undefined || other === undefined) return undefined
  // Some proxies break off a request for an unknown name, but respond to the tunnel.
  const neutral = hasResponded(same) ? same : other
  if (admits(neutral)) return undefined
  // Neither request can reach a site, so the malformed response comes from a program that is no
  // proxy.
  const malformed = [same, other].find(({ state, status }) => state === 'answers' && status === null)
  if (malformed !== undefined) return malformed
  const ofSite = target === null ? neutral : await probeProxy(proxy, target, PROBE_LIMIT_MS)
  const refused = secure && ofSite.status === neutral.status && REFUSALS.has(ofSite.status ?? 0)
  if (refused) return ofSite
  return ofSite.state === 'works' || ofSite.state === 'answers' ? undefined : ofSite
}

/** True if the proxy responded. A SOCKS proxy that works has no status. */
const hasResponded = ({ state, status }: Probe) => state === 'works' || status !== null

const admits = (probe: Probe) => hasResponded(probe) && !REFUSALS.has(probe.status ?? 0)

/** Returns the error for a failure that seemed to be the proxy's, although the proxy works. */
function failureOfOthers(thrown: unknown, { server }: ProbedProxy, target: URL | null): AutomateError {
  const text = messageOf(thrown)
  const what = PROXYS_DOING.test(text)
    ? `The browser could not use the proxy ${server}, which responds now. Check whether the proxy always responds`
    : `The proxy ${server} could not load ${target?.host ?? 'the site'}, but responds to other requests. Check whether the site works`
  const host = target === null ? {} : { host: target.host }
  return new AutomateError('navigate', `${what}. ${text}`, {
    facts: { proxy: server, ...host },
    cause: thrown,
  })
}
