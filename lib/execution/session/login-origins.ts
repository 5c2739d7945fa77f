import type { Page } from 'puppeteer'
import { originOf } from './browser-state.ts'
import type { BrowserState, LoginParts } from './browser-state.ts'

/** Maximum number of origins or domains that one line of the log names. */
const MOST_NAMED = 5

/** Hosts that distinguish the cookies of a login from cookies of third parties. */
export interface LoginHosts {
  /** Hosts of the pages that the workflow works on. */
  readonly shown: ReadonlySet<string>
  /**
   * Hosts that only redirected these pages, as a sign-on service does, and hosts with a cookie in
   * the saved login.
   */
  readonly passed: ReadonlySet<string>
}

/**
 * Origins of a login: the origins of the workflow's own page and of the other pages that the
 * workflow uses, such as the pop-up of a sign-in service. Pages that only a site opens do not
 * belong to the login.
 */
export class LoginOrigins implements LoginParts, LoginHosts {
  readonly origins = new Set<string>()
  readonly pages = new Set<Page>()
  readonly passed = new Set<string>()

  get shown(): ReadonlySet<string> {
    return new Set([...this.origins].map(origin => new URL(origin).hostname))
  }

  /** Adds the origins and the cookie domains of a saved login. */
  restore({ origins, cookies }: BrowserState): void {
    for (const { origin } of origins) this.origins.add(origin)
    for (const { domain } of cookies) this.passed.add(domain.replace(/^\./, ''))
  }

  /**
   * Adds the current and later origins of a page, because a login may pass through origins that no
   * page shows when the login has ended.
   */
  follow(page: Page): void {
    if (this.pages.has(page)) return
    this.pages.add(page)
    const note = () => {
      const origin = originOf(page.url())
      if (origin !== undefined) this.origins.add(origin)
    }
    note()
    page.on('framenavigated', frame => {
      if (frame === page.mainFrame()) note()
    })
    // A service that only redirects, as the renewal of a single sign-on does, shows no page.
    page.on('request', request => {
      if (!request.isNavigationRequest() || request.frame() !== page.mainFrame()) return
      const origin = originOf(request.url())
      if (origin !== undefined) this.passed.add(new URL(origin).hostname)
    })
  }
}

/** Returns the log text for the origins that a login omits. */
export function leftText(origins: readonly string[]): string {
  return `the login is saved without the storage of ${listed(origins)}, because no page of the workflow has shown it, or only after many others`
}

/** Names the first few entries of a list that sites can make long, and counts the others. */
export function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMED
  return `${names.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
