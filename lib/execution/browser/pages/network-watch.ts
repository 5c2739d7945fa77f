import type { CDPSession, Protocol } from 'puppeteer'
import { carriesCredentials } from '../cdp/cdp-dirty-check.ts'
import { Disposables } from '../cdp/disposables.ts'

const UNAUTHORIZED = 401

/**
 * Header by which a site requests client hints. Chrome remembers this request for the browser
 * context, and no CDP command removes it.
 */
const ACCEPT_CLIENT_HINTS = 'accept-ch'

/**
 * Types of requests that Chrome ends together with their document. Chrome completes requests of
 * other types, and stores their cookies, even after the document has ended: beacons, `fetch` with
 * `keepalive`, images that a document requests while it is being left, and reports of violations. A
 * type that is not on the list costs a new page but never leaves a dirty page.
 */
const ENDS_WITH_ITS_DOCUMENT: ReadonlySet<string> = new Set([
  'Document',
  'EventSource',
  'Font',
  'Manifest',
  'Media',
  'Script',
  'Stylesheet',
  'TextTrack',
  'XHR',
])

/**
 * Number of events `executionContextsCleared` for a new document in the same process. A document in
 * a new process causes one more of these events.
 */
const CLEARS_WITHIN_A_PROCESS = 1

type Sent = Protocol.Network.RequestWillBeSentEvent

/**
 * Tracks the requests of a page, and the documents that it leaves, to find effects that would reach
 * the next job in spite of a wipe.
 */
export class NetworkWatch {
  private readonly subscriptions = new Disposables()
  /**
   * Requests that have no response headers yet, by id. The value is true if the request may outlive
   * its document.
   */
  private readonly unanswered = new Map<string, boolean>()
  private trace: string | undefined
  private clears = 0
  /** True if the page shows `about:blank` without a document of a site. */
  private blank = true
  private wiping = false
  /**
   * True if the page left a document in another process. The page then gets no events of that
   * document's last requests.
   */
  changedProcess = false

  constructor(session: CDPSession) {
    const { subscriptions } = this
    subscriptions.on(session, 'Network.requestWillBeSent', event => this.onRequest(event))
    // Cookies come with the response headers; the body may never be read.
    subscriptions.on(session, 'Network.responseReceived', ({ requestId, type, response }) => {
      this.answer(requestId)
      if (response.status === UNAUTHORIZED) this.mark('a site asked for credentials')
      this.inspectHeaders(type, response)
    })
    // The only event for a response that arrives after the document has ended.
    subscriptions.on(session, 'Network.responseReceivedExtraInfo', ({ requestId, statusCode }) => {
      if (!isRedirect(statusCode)) this.answer(requestId)
    })
    subscriptions.on(session, 'Network.loadingFailed', ({ requestId, canceled }) => {
      if (canceled !== true || this.unanswered.get(requestId) === false) this.answer(requestId)
    })
    subscriptions.on(session, 'Page.frameAttached', () => {
      this.blank = false
    })
    subscriptions.on(session, 'Runtime.executionContextsCleared', () => {
      this.clears += 1
    })
    subscriptions.on(session, 'Page.frameNavigated', ({ frame }) => {
      if (frame.parentId === undefined) this.onDocument(frame.url)
    })
  }

  /** Reason why the page cannot be reused; undefined if a wipe is enough. */
  get lasting(): string | undefined {
    if (this.changedProcess) return 'a document may still run in another process'
    return this.trace
  }

  /** True if a response may still arrive, and with it a cookie. */
  get isLoading(): boolean {
    return this.unanswered.size > 0
  }

  /**
   * Marks the start of the removal of cookies. A request without a response at this point counts as
   * loading from now on, because its cookie could arrive after the removal.
   */
  beginWipe(): void {
    this.wiping = true
  }

  end(): void {
    this.subscriptions.end()
  }

  private onRequest({ requestId, type = 'Other', request, redirectResponse }: Sent): void {
    // `Other` includes icons and prefetched files, and also reports, which are sent with POST and
    // may outlive the document.
    const ends = ENDS_WITH_ITS_DOCUMENT.has(type) || (type === 'Other' && request.method === 'GET')
    this.unanswered.set(requestId, !ends)
    if (type !== 'Document') this.blank = false
    // Chrome handles the 401 without an event, and sends the credentials with later requests too.
    if (carriesCredentials(request.url)) this.mark('an address carried credentials')
    if (redirectResponse !== undefined) this.inspectHeaders(type, redirectResponse)
  }

  private onDocument(url: string): void {
    if (this.clears > CLEARS_WITHIN_A_PROCESS && !this.blank) this.changedProcess = true
    this.clears = 0
    this.blank = url === 'about:blank'
  }

  private inspectHeaders(type: string, { headers }: Protocol.Network.Response): void {
    if (type !== 'Document') return
    const names = Object.keys(headers).map(name => name.toLowerCase())
    if (names.includes(ACCEPT_CLIENT_HINTS)) this.mark('a site asked for client hints')
  }

  private answer(requestId: string): void {
    if (!this.wiping) this.unanswered.delete(requestId)
  }

  private mark(trace: string): void {
    this.trace ??= trace
  }
}

function isRedirect(statusCode: number): boolean {
  return statusCode >= 300 && statusCode < 400
}
