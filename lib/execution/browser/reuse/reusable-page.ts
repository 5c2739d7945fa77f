import type { CDPSession, Dialog, Page } from 'puppeteer'
import { requireOwnPage } from '../../phases/phase-scope.ts'
import { IsolatedContext } from './isolated-context.ts'
import type { BrowserScope, Recycled } from './lease.ts'
import type { OpenBrowser } from '../launch/open-browser.ts'
import { PageDirtiness } from './page-dirtiness.ts'

/**
 * Parameters to clear all storage. With "*" Chrome clears every origin of the page's context,
 * including session storage, which it does not clear for a single origin.
 */
const EVERYTHING = { origin: '*', storageTypes: 'all' } as const

/**
 * Number of wipes after which garbage is collected. By itself Chrome retains about a hundred
 * documents of earlier jobs before it collects them, and has to allocate new memory in the
 * meantime. A collection costs as much as a third of a small job, so a few documents may stay for a
 * while.
 */
const COLLECT_EVERY = 8

/**
 * Events of a page. Their listeners are removed event by event, because puppeteer's
 * `removeAllListeners` closes the page if it is called without a name.
 */
const PAGE_EVENTS = [
  'close',
  'console',
  'dialog',
  'domcontentloaded',
  'error',
  'frameattached',
  'framedetached',
  'framenavigated',
  'issue',
  'load',
  'metrics',
  'pageerror',
  'popup',
  'request',
  'requestfailed',
  'requestfinished',
  'requestservedfromcache',
  'response',
  'workercreated',
  'workerdestroyed',
] as const

const CONTEXT_EVENTS = ['targetchanged', 'targetcreated', 'targetdestroyed'] as const

/**
 * A context with one page for successive jobs, wiped between them. If a wipe is not certain to
 * succeed, the context is closed and a new one is created.
 */
export class ReusablePage implements BrowserScope {
  readonly opened: Promise<OpenBrowser>
  private readonly chrome: Promise<OpenBrowser>
  private readonly context: IsolatedContext
  private kept: KeptPage | undefined
  private readonly isInstalled: boolean

  /**
   * Creates the context. With `isInstalled`, the document itself has to navigate to `about:blank`,
   * because a navigation by the browser would change the process of the page.
   */
  constructor(chrome: Promise<OpenBrowser>, isInstalled = false) {
    this.chrome = chrome
    this.isInstalled = isInstalled
    this.context = new IsolatedContext(chrome)
    this.opened = this.open()
    this.opened.catch(() => undefined)
  }

  get lost(): AbortSignal {
    return this.context.lost
  }

  begin(): void {
    this.kept?.begin()
  }

  async recycle(leftover?: string): Promise<Recycled> {
    await this.opened
    const replaced = this.lost.aborted ? 'it was lost' : (leftover ?? (await this.kept?.wipe()))
    if (replaced === undefined) {
      const { page } = await this.opened
      this.context.watch(page)
      return { next: this }
    }
    this.kept?.end()
    await this.context.close()
    const isInstalled = this.isInstalled || this.kept?.leftProcess === true
    return { next: new ReusablePage(this.chrome, isInstalled), replaced }
  }

  private async open(): Promise<OpenBrowser> {
    const open = await this.context.opened
    this.kept = new KeptPage(open, await open.page.createCDPSession(), this.isInstalled)
    return open
  }
}

/** A reused page, with the original properties of its object. */
class KeptPage {
  private readonly open: OpenBrowser
  private readonly session: CDPSession
  private readonly own: ReadonlyMap<PropertyKey, unknown>
  private readonly isInstalled: boolean
  private readonly forget: () => void
  private jobs: PageDirtiness
  private wipes = 0
  /** True if the wipe moved the page to another process. */
  leftProcess = false

  constructor(open: OpenBrowser, session: CDPSession, isInstalled: boolean) {
    this.isInstalled = isInstalled
    this.open = open
    this.session = session
    this.own = propertiesOf(open.page)
    this.forget = open.sent.listen(requireOwnPage)
    this.jobs = new PageDirtiness(open)
  }

  /** Begins the next job. */
  begin(): void {
    this.jobs.end()
    this.jobs = new PageDirtiness(this.open)
  }

  /** Ends the use of the page. */
  end(): void {
    this.forget()
    this.jobs.end()
  }

  /**
   * Removes all traces of the job, and every listener. Resolves with the reason if that is not
   * certain to succeed. Rejects if the browser fails to do so.
   */
  async wipe(): Promise<string | undefined> {
    const { jobs, open, session } = this
    const { page, context } = open
    jobs.endCommands()
    if (jobs.lasting !== undefined) return jobs.lasting
    restore(page, this.own)
    page.on('dialog', leaveAnyway)
    // The document may send beacons while it is being left. Without cookies they carry no login.
    const signedOut = session.send('Network.clearBrowserCookies')
    // The document first, because its running code could store data again.
    await Promise.all([signedOut, this.leaveDocument()])
    this.leftProcess = jobs.changedProcess
    jobs.beginWipe()
    const left = jobs.afterDocument()
    if (left !== undefined) return left
    if (jobs.pointed) await page.mouse.reset()
    await Promise.all([
      session.send('Storage.clearDataForOrigin', EVERYTHING),
      session.send('Network.clearBrowserCookies'),
      session.send('Network.clearBrowserCache'),
      session.send('Page.resetNavigationHistory'),
      // `window.name` stays with the tab from document to document.
      page.evaluate('window.name = ""'),
      ++this.wipes % COLLECT_EVERY === 0 ? session.send('HeapProfiler.collectGarbage') : undefined,
    ])
    const late = jobs.afterDocument()
    if (late !== undefined) return late
    jobs.end()
    for (const event of PAGE_EVENTS) page.removeAllListeners(event)
    for (const event of CONTEXT_EVENTS) context.removeAllListeners(event)
    return undefined
  }

  /**
   * Navigates the page to `about:blank`. If the browser navigates, a document that isolates itself
   * is left in its own process, and its last handlers run there while the page is being wiped. If
   * the document itself navigates, the page stays in this process.
   */
  private async leaveDocument(): Promise<void> {
    const { session, isInstalled } = this
    const { page } = this.open
    if (isInstalled) {
      const expression = 'location.replace("about:blank")'
      const asked = session.send('Runtime.evaluate', { expression })
      // The navigation may destroy the context before the reply.
      await Promise.all([page.waitForNavigation(), asked.catch(() => undefined)])
    }
    await page.goto('about:blank')
  }
}

/** Accepts the dialog by which a document asks for a confirmation before it is left. */
function leaveAnyway(dialog: Dialog): void {
  dialog.accept().catch(() => undefined)
}

function propertiesOf(page: Page): Map<PropertyKey, unknown> {
  return new Map(Reflect.ownKeys(page).map(key => [key, Reflect.get(page, key)]))
}

/** Restores the page's own properties. */
function restore(page: Page, own: ReadonlyMap<PropertyKey, unknown>): void {
  for (const key of Reflect.ownKeys(page)) if (!own.has(key)) Reflect.deleteProperty(page, key)
  for (const [key, value] of own) if (Reflect.get(page, key) !== value) Reflect.set(page, key, value)
}
