import type { Browser, DownloadBehavior } from 'puppeteer'

/**
 * Default until a workflow sets another behaviour. Otherwise full Chrome and Edge would write to
 * the user's Downloads folder.
 */
export const DENY_DOWNLOADS = { policy: 'deny' } as const satisfies DownloadBehavior

/** Denies downloads in each new context, unless its creator sets another behaviour. */
export function denyDownloadsInContexts(browser: Browser): void {
  const create = browser.createBrowserContext.bind(browser)
  browser.createBrowserContext = options => create({ downloadBehavior: DENY_DOWNLOADS, ...options })
}
