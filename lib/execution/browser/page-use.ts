import { CommandWatch } from './command-watch.ts'
import type { OpenBrowser } from './open-browser.ts'
import { sessionOf } from './page-session.ts'
import { Subscriptions } from './subscriptions.ts'

/** What puppeteer waits when nobody has set another limit. */
const PUPPETEERS_LIMIT_MS = 30_000

const NOT_LOGGED_IN = 401

/** One job's use of a page, followed to tell whether the page can be wiped for the next job. */
export class PageUse {
  private readonly open: OpenBrowser
  private readonly commands: CommandWatch
  private readonly subscriptions = new Subscriptions()
  private readonly loading = new Set<string>()
  private trace: string | undefined

  constructor(open: OpenBrowser) {
    this.open = open
    this.commands = new CommandWatch(open.sent)
    const { context } = open
    // Another page, or a worker that several pages share, may outlive this page's document.
    const opened = () => this.leaves('it opened another page, or a worker of a whole site')
    context.on('targetcreated', opened)
    this.subscriptions.add(() => context.off('targetcreated', opened))
    this.followRequests()
  }

  get pointed(): boolean {
    return this.commands.pointed
  }

  /** Why the page is not to be used again; undefined when it can be wiped. */
  get lasting(): string | undefined {
    const { page } = this.open
    const usual =
      page.getDefaultTimeout() === PUPPETEERS_LIMIT_MS &&
      page.getDefaultNavigationTimeout() === PUPPETEERS_LIMIT_MS
    return this.commands.lasting ?? this.trace ?? (usual ? undefined : 'its limits were changed')
  }

  /** Whether an answer to a request may still come, and bring a cookie. */
  get isLoading(): boolean {
    return this.loading.size > 0
  }

  /** What is asked of the browser from now on is not the job's. What the page still loads is. */
  endCommands(): void {
    this.commands.end()
  }

  end(): void {
    this.commands.end()
    this.subscriptions.end()
  }

  /** puppeteer's own events leave out some answers from a cache. */
  private followRequests(): void {
    const { loading, subscriptions } = this
    const session = sessionOf(this.open.page)
    if (session === undefined) {
      this.leaves('what it loads cannot be followed')
      return
    }
    subscriptions.on(session, 'Network.requestWillBeSent', ({ requestId }) => loading.add(requestId))
    subscriptions.on(session, 'Network.loadingFailed', ({ requestId }) => loading.delete(requestId))
    // Cookies come with the head of an answer; its body may stay unread for ever.
    subscriptions.on(session, 'Network.responseReceived', ({ requestId, response }) => {
      loading.delete(requestId)
      if (response.status === NOT_LOGGED_IN) this.leaves('a site asked for credentials')
    })
  }

  private leaves(trace: string): void {
    this.trace ??= trace
  }
}
