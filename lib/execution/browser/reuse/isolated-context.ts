import type { Page } from 'puppeteer'
import { AutomateError } from '../../../core/errors/errors.ts'
import type { BrowserScope, Recycled } from './lease.ts'
import type { OpenBrowser } from '../launch/open-browser.ts'

/** A browser context with one page, made for one job. */
export class IsolatedContext implements BrowserScope {
  readonly opened: Promise<OpenBrowser>
  private readonly chrome: Promise<OpenBrowser>
  private readonly loss = new AbortController()

  /**
   * Creates the context in a running Chrome, with its own cookies, storage, caches and permissions.
   */
  constructor(chrome: Promise<OpenBrowser>) {
    this.chrome = chrome
    this.opened = this.open()
    // The caller that awaits the promise receives the error; before that it must not count as
    // unhandled.
    this.opened.catch(() => undefined)
  }

  get lost(): AbortSignal {
    return this.loss.signal
  }

  begin(): void {
    // The context serves one job.
  }

  async recycle(): Promise<Recycled> {
    await this.close()
    return { next: new IsolatedContext(this.chrome) }
  }

  /** Closes the context and all its pages. Rejects if the browser fails to close them. */
  async close(): Promise<void> {
    const { context } = await this.opened
    await context.close()
  }

  /**
   * Listens for a crash of the page. Called again after all listeners have been removed from the
   * page.
   */
  watch(page: Page): void {
    page.on('error', error =>
      this.loss.abort(new AutomateError('browser-crash', `The page crashed: ${error.message}`)),
    )
  }

  private async open(): Promise<OpenBrowser> {
    const { page: first, ...rest } = await this.chrome
    const context = await first.browser().createBrowserContext()
    const page = await context.newPage()
    this.watch(page)
    return { ...rest, page, context }
  }
}
