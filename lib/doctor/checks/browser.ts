import { withTimeout } from '../../core/time/timeout.ts'
import { messageOf } from '../../core/errors/errors.ts'
import { sanitiseLine } from '../../core/text/sanitise.ts'
import { describeMachine, remedyFor } from '../../execution/browser/find/browser-sources.ts'
import { whyNotHeaded } from '../../execution/browser/find/headed-support.ts'
import { ensureBrowser } from '../../execution/browser/find/ensure-browser.ts'
import { findBrowser } from '../../execution/browser/find/find-browser.ts'
import type { FoundBrowser } from '../../execution/browser/find/find-browser.ts'
import { ok, problem } from '../check.ts'
import type { Check, DoctorWorld } from '../check.ts'

/** Timeout for loading an empty page, which normally takes milliseconds. */
const PAGE_LIMIT_MS = 20_000

const TITLE = 'automate-tui doctor'

/**
 * Finds the browser for the workers, starts it as they do, and loads a page. If there is no browser
 * and downloads are allowed, a browser is downloaded.
 */
export const browserCheck: Check = {
  id: 'browser',
  ofProject: false,
  async run(world) {
    const { words, config, search, fix, print } = world
    let found: FoundBrowser | undefined
    let repaired: string | undefined
    try {
      found = findBrowser(search, !config.headless)
      const noWindow = config.headless ? null : whyNotHeaded(found, search)
      if (noWindow !== null) return problem(noWindow.why, noWindow.remedy)
      if (found === undefined && fix) {
        found = await ensureBrowser({ print, search })
        repaired = words.browser.fetched(found.path)
      }
    } catch (error) {
      return problem(sanitiseLine(messageOf(error)), remedyFor(describeMachine()))
    }
    if (found === undefined) return problem(words.browser.none, remedyFor(describeMachine()))
    return tryOut(world, found, repaired)
  },
}

async function tryOut({ words, browser, clock, t }: DoctorWorld, found: FoundBrowser, repaired?: string) {
  const startedAt = clock.monotonic()
  try {
    const { page, version } = await browser.open(found)
    await page.setContent(`<title>${TITLE}</title><h1>${TITLE}</h1>`)
    const title = await withTimeout(page.title(), PAGE_LIMIT_MS, 'The first page', clock)
    if (title !== TITLE) throw new Error(`the title of its page is "${title}"`)
    const duration = t.duration(clock.monotonic() - startedAt)
    return ok(words.browser.good(version, found.path, duration), repaired)
  } catch (error) {
    return problem(words.browser.broken(sanitiseLine(messageOf(error))), words.browser.brokenRemedy)
  }
}
