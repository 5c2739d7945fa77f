import { AutomateError, errorCode } from '../../core/errors.ts'
import type { ErrorCode } from '../../core/errors.ts'
import { browserErrorKind } from '../../authoring/browser-errors.ts'
import { probeProxy } from './probe-proxy.ts'
import type { ProbedProxy } from './probe-proxy.ts'

/** What a proxy that hangs or has died looks like from inside the browser: a wait that is over, a connection that broke, a page that is not all there. */
const SYMPTOMS: ReadonlySet<ErrorCode> = new Set(['phase-timeout', 'navigate', 'element', 'deadline'])

/** A proxy that answers nothing for so long is of no use to a page either. */
const PROBE_LIMIT_MS = 4_000

/** No site has this name (RFC 2606), so that a proxy reports at once that it does not find it. */
const NO_SITE = new URL('http://automate-tui.invalid/')

/** Returns whether a proxy responds to anything. */
async function responds(proxy: ProbedProxy): Promise<boolean> {
  const { status } = await probeProxy(proxy, NO_SITE, PROBE_LIMIT_MS)
  return status !== null && status !== 407
}

/**
 * A failure that may be the proxy's → an error with code `proxy`, with the failure as its cause, when the proxy turns out not to work; anything else as it is.
 * `asked` is the address that the page went to last. Never rejects; takes some seconds at most.
 */
export async function blameProxy(thrown: unknown, proxy: ProbedProxy, asked: string): Promise<unknown> {
  const code = browserErrorKind(thrown)?.code ?? errorCode(thrown)
  if (!SYMPTOMS.has(code) || !/^https?:/.test(asked)) return thrown
  const { state, why, status, fault } = await probeProxy(proxy, new URL(asked), PROBE_LIMIT_MS)
  if (state === 'works' || state === 'answers') return thrown
  // It may be the site that is silent.
  if (state === 'silent' && (await responds(proxy))) return thrown
  return new AutomateError('proxy', `The proxy ${proxy.server} ${why}.`, {
    facts: { proxy: proxy.server, status, fault },
    cause: thrown,
  })
}
