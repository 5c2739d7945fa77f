import type { Page } from 'puppeteer'

/**
 * Tracks the navigations of a page. Returns a function that returns the address of the newest
 * navigation, finished or not; empty before the first.
 */
export function trackNavigation(page: Page): () => string {
  let last = ''
  page.on('request', request => {
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) last = request.url()
  })
  return () => last
}
