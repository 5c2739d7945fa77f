import type { CDPSession, Page, Target } from 'puppeteer'

/**
 * puppeteer's own session of a page, in which everything is enabled that a recording listens to: a second session would double the browser's messages.
 * Undefined when puppeteer keeps it elsewhere than it used to.
 */
export function sessionOf(page: Page): CDPSession | undefined {
  return keepsSession(page) ? page._client() : undefined
}

function keepsSession(page: Page): page is Page & { _client(): CDPSession } {
  return '_client' in page && typeof page._client === 'function'
}

/**
 * Opens a session of its own on a page that the job opened, and enables what a recording listens to. puppeteer's own would come with an emulated screen size that
 * the page would notice. Undefined when the page has gone.
 */
export async function openPageSession(target: Target): Promise<CDPSession | undefined> {
  try {
    const session = await target.createCDPSession()
    const enabled = ['Network.enable', 'Runtime.enable', 'Page.enable', 'Log.enable'] as const
    await Promise.all(enabled.map(method => session.send(method)))
    return session
  } catch {
    return undefined
  }
}
