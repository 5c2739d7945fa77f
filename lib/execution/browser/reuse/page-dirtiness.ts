import type { CDPSession } from 'puppeteer'
import { CdpDirtyCheck } from '../cdp/cdp-dirty-check.ts'
import type { OpenBrowser } from '../launch/open-browser.ts'
import { NetworkWatch } from '../pages/network-watch.ts'
import { sessionOf } from '../cdp/page-session.ts'
import { Disposables } from '../cdp/disposables.ts'

/** puppeteer's default time limit of calls and navigations. */
const PUPPETEERS_LIMIT_MS = 30_000

/** Tracks one job's use of a page, to decide if the page can be wiped for the next job. */
export class PageDirtiness {
  private readonly open: OpenBrowser
  private readonly commands: CdpDirtyCheck
  private readonly subscriptions = new Disposables()
  private readonly session: CDPSession | undefined
  private readonly network: NetworkWatch | undefined
  private trace: string | undefined

  constructor(open: OpenBrowser) {
    this.open = open
    this.commands = new CdpDirtyCheck(open.sent)
    const { context, page } = open
    this.session = sessionOf(page)
    this.network = this.session && new NetworkWatch(this.session)
    // Another page, or a worker that several pages share, may outlive this page's document.
    const opened = () => this.leaves('it opened another page, or a shared or service worker')
    context.on('targetcreated', opened)
    this.subscriptions.add(() => context.off('targetcreated', opened))
  }

  get pointed(): boolean {
    return this.commands.pointed
  }

  /** Returns the reason why the page cannot be reused; undefined if it can be wiped. */
  get lasting(): string | undefined {
    const { page } = this.open
    const usual =
      page.getDefaultTimeout() === PUPPETEERS_LIMIT_MS &&
      page.getDefaultNavigationTimeout() === PUPPETEERS_LIMIT_MS
    if (this.network === undefined || sessionOf(page) !== this.session)
      return 'its requests cannot be observed'
    const limits = usual ? undefined : 'its timeouts were changed'
    return this.commands.persistent ?? this.trace ?? this.network.lasting ?? limits
  }

  /**
   * Returns the reason why a wipe is not enough after the job's document has ended; undefined if a
   * wipe is enough.
   */
  afterDocument(): string | undefined {
    // The response may still bring a cookie.
    if (this.network?.isLoading !== false) return 'a request of the job has no response yet'
    return this.lasting
  }

  /** True if a document was left in another process. */
  get changedProcess(): boolean {
    return this.network?.changedProcess === true
  }

  /**
   * Ends the tracking of commands, because later commands are not the job's. Later requests of the
   * page still count.
   */
  endCommands(): void {
    this.commands.end()
  }

  /** Marks the start of the removal of cookies. */
  beginWipe(): void {
    this.network?.beginWipe()
  }

  end(): void {
    this.commands.end()
    this.network?.end()
    this.subscriptions.end()
  }

  private leaves(trace: string): void {
    this.trace ??= trace
  }
}
