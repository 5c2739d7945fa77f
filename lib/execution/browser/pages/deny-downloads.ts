import type { Browser, DownloadBehavior } from 'puppeteer'

/**
 * Download behaviour until a workflow sets another one. With Chrome's own default, full Chrome and
 * Edge would write to the user's Downloads folder.
 */
export const DENY_DOWNLOADS = { policy: 'deny' } as const satisfies DownloadBehavior

/** Denies downloads in each new context, unless its creator sets another behaviour. */
export function denyDownloadsInContexts(browser: Browser): void {
  const create = browser.createBrowserContext.bind(browser)
  browser.createBrowserContext = options => create({ downloadBehavior: DENY_DOWNLOADS, ...options })
}
