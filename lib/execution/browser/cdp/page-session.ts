import type { CDPSession, Page, Target } from 'puppeteer'

/**
 * Returns puppeteer's own session of a page. All events of a recording are enabled in this session,
 * because a second session would double the browser's messages. Returns undefined if a later
 * version of puppeteer stores the session elsewhere.
 */
export function sessionOf(page: Page): CDPSession | undefined {
  return keepsSession(page) ? page._client() : undefined
}

function keepsSession(page: Page): page is Page & { _client(): CDPSession } {
  return '_client' in page && typeof page._client === 'function'
}

/**
 * Opens a separate session on a page that the job opened, and enables the events of a recording.
 * puppeteer's own session would emulate a screen size, which the page would notice. Undefined if
 * the page has closed.
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
