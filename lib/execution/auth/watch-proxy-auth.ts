import type { Browser, Target } from 'puppeteer'

/**
 * How Chrome reports a response that is an error, in a page's log: the only report of it that does not cost something at every request. Behind the number stands
 * a text of the server's.
 */
const REFUSAL = /^Failed to load resource: the server responded with a status of 407\b/
/** A tunnel that the proxy refused, whatever its reason was. */
const NO_TUNNEL = /^Failed to load resource: net::ERR_TUNNEL_CONNECTION_FAILED/

/** Place of a refusal. A tunnel that failed reports no reason. */
export interface SeenRefusal {
  readonly kind: 'status' | 'tunnel'
  readonly url: string | undefined
}

/**
 * Reports every page in which a refusal (407) arrives: where nothing is intercepted, the browser takes it for an ordinary response. A site can send one too.
 */
export function watchProxyAuth(browser: Browser, onRefusal: (seen: SeenRefusal) => void): void {
  const watch = async (target: Target) => {
    const type: string = target.type()
    if (type !== 'page') return
    const session = await target.createCDPSession()
    session.on('Log.entryAdded', ({ entry: { source, text, url } }) => {
      if (source !== 'network') return
      if (REFUSAL.test(text)) onRefusal({ kind: 'status', url })
      else if (NO_TUNNEL.test(text)) onRefusal({ kind: 'tunnel', url })
    })
    await session.send('Log.enable')
  }
  const begin = (target: Target) => {
    // A page that has gone before it could be watched needs none.
    watch(target).catch(() => undefined)
  }
  browser.targets().forEach(begin)
  browser.on('targetcreated', begin)
}
