import type { Browser, Target } from 'puppeteer'

/** How Chrome tells of a response that is an error, in a page's log: the only report of it that does not cost something at every request. */
const REFUSAL = /status of 407\b/
/** A tunnel that the proxy refused, whatever its reason was. */
const NO_TUNNEL = /ERR_TUNNEL_CONNECTION_FAILED/

/**
 * Hears every page in which a proxy's refusal (407) arrives: where nothing is intercepted, the browser takes it for an ordinary answer.
 * `certain` is false for a tunnel that failed, of which the reason is not told.
 */
export function watchRefusals(browser: Browser, onRefusal: (certain: boolean) => void): void {
  const watch = async (target: Target) => {
    const type: string = target.type()
    if (type !== 'page') return
    const session = await target.createCDPSession()
    session.on('Log.entryAdded', ({ entry: { source, text } }) => {
      if (source !== 'network') return
      if (REFUSAL.test(text)) onRefusal(true)
      else if (NO_TUNNEL.test(text)) onRefusal(false)
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
