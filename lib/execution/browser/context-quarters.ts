import { AutomateError } from '../../core/errors.ts'
import type { Quarters } from './lease.ts'
import type { OpenBrowser } from './open-browser.ts'

/** A browser context with one page, made for one job. */
export interface ContextQuarters extends Quarters {
  /** Closes the context and all its pages. Rejects when the browser does not. */
  close(): Promise<void>
}

/** Makes a context in a running Chrome: its cookies, storage, caches and permissions are its own. */
export function openContext(chrome: Promise<OpenBrowser>): ContextQuarters {
  const lost = new AbortController()
  const open = async (): Promise<OpenBrowser> => {
    const { page: first, ...rest } = await chrome
    const context = await first.browser().createBrowserContext()
    const page = await context.newPage()
    page.on('error', error =>
      lost.abort(new AutomateError('browser-crash', `The page crashed: ${error.message}`)),
    )
    return { ...rest, page, context }
  }
  const opened = open()
  // Who waits for it hears of it; before that it must not count as unhandled.
  opened.catch(() => undefined)
  return { opened, lost: lost.signal, close: async () => (await opened).context.close() }
}
