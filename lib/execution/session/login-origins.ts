import type { Page } from 'puppeteer'
import { originOf } from './browser-state.ts'
import type { LoginParts } from './browser-state.ts'

/** Most origins that one line of the log names. */
const NAMED_ORIGINS = 5

/**
 * The origins that belong to a login: those that the pages show which the workflow works on, its own and what it
 * calls itself, such as the pop-up of a sign-in service. What else a site opens does not belong to it.
 */
export class LoginOrigins implements LoginParts {
  readonly origins = new Set<string>()
  readonly pages = new Set<Page>()

  /** Adds the origins that a page shows, now and later: a login may pass through some that no page shows at its end. */
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
  }
}

/** Says for the log which origins a login does without. */
export function leftText(origins: readonly string[]): string {
  const more = origins.length - NAMED_ORIGINS
  const named = `${origins.slice(0, NAMED_ORIGINS).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
  return `the login goes without what ${named} keeps in the browser: no page that the workflow works on has shown it, or only after many others`
}
