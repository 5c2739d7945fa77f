import type { Browser, DownloadBehavior } from 'puppeteer'

/** Applies until a workflow sets another behaviour: full Chrome and Edge otherwise write to the user's Downloads folder. */
export const DENY_DOWNLOADS = { policy: 'deny' } as const satisfies DownloadBehavior

/** Denies downloads in each context that is created from now on, unless its creator sets another behaviour. */
export function denyDownloadsInContexts(browser: Browser): void {
  const create = browser.createBrowserContext.bind(browser)
  browser.createBrowserContext = options => create({ downloadBehavior: DENY_DOWNLOADS, ...options })
}
