import type { Page } from 'puppeteer'

/** Follows where a page goes. Answers the address that it went to last, arrived or not; empty before the first. */
export function trackNavigation(page: Page): () => string {
  let last = ''
  page.on('request', request => {
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) last = request.url()
  })
  return () => last
}
