import type { ResolvedConfig, Source } from '../lib/config/resolve.ts'
import type { BrowserSearch } from '../lib/execution/browser/find/browser-locations.ts'
import { thisMachine } from '../lib/execution/browser/find/find-browser.ts'

/**
 * Returns the places to search for a browser. A browser that the configuration names comes first.
 */
export function browserSearch({ config, sources }: ResolvedConfig): BrowserSearch {
  const machine = thisMachine()
  if (config.browser === '') return machine
  return { ...machine, named: { path: config.browser, by: nameIn(sources.browser) } }
}

function nameIn(source: Source): string {
  if (source === 'flag') return '--browser'
  return source === 'file' ? 'browser' : 'AUTOMATE_BROWSER'
}
