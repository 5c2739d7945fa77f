import type { Browser, CDPSession, Protocol } from 'puppeteer'
import type { Clock } from '../../core/time/clock.ts'
import type { WorkerSecrets } from '../../model/worker/worker-secrets.ts'
import { ProxyAuthState } from './proxy-auth-state.ts'

const PROXY_AUTHENTICATION_REQUIRED = 407

/**
 * Intercepts every challenge of a proxy or a site in every page, pop-up, frame and worker of a
 * browser, from the first request on. The interception is enabled on the browser's own CDP target,
 * which covers all requests, so that no new page has to be intercepted before it starts. The
 * credentials come from `authTransport`.
 *
 * Interception costs time at every request, so it is limited where possible. A proxy needs no
 * interception once the browser itself has the credentials (see `ProxyAuthState`), and for sites
 * the interception covers only their origins. Resolves when interception is active; before that no
 * request may be sent.
 */
export async function guardBrowser(
  browser: Browser,
  access: WorkerSecrets,
  clock: Clock,
): Promise<AuthGuard> {
  const guard = new AuthGuard(await browser.target().createCDPSession(), access, clock)
  await guard.begin()
  return guard
}

export class AuthGuard {
  private readonly session: CDPSession
  private readonly access: WorkerSecrets
  private readonly clock: Clock
  private readonly proof = new ProxyAuthState()
  private mode: 'none' | 'sites' | 'all' = 'none'

  constructor(session: CDPSession, access: WorkerSecrets, clock: Clock) {
    this.session = session
    this.access = access
    this.clock = clock
  }

  /** Id of the CDP session that sends the guard's commands. */
  get sessionId(): string {
    return this.session.id()
  }

  async begin(): Promise<void> {
    const { session } = this
    session.on('Fetch.requestPaused', event => this.paused(event))
    session.on('Fetch.authRequired', ({ requestId }) => {
      void this.send('Fetch.continueWithAuth', { requestId, authChallengeResponse: { response: 'Default' } })
    })
    if (this.access.proxy !== null) {
      session.on('Target.targetCreated', ({ targetInfo: { targetId, browserContextId } }) => {
        if (browserContextId === undefined) return
        this.proof.targetCreated(targetId, browserContextId)
        void this.adapt()
      })
      session.on('Target.targetDestroyed', ({ targetId }) => {
        this.proof.targetDestroyed(targetId)
        void this.adapt()
      })
      await session.send('Target.setDiscoverTargets', { discover: true })
    }
    await this.adapt()
  }

  /** Offers the credentials again, because the proxy requested them after it had accepted them. */
  proxyAskedAgain(): void {
    this.proof.invalidate()
    void this.adapt()
  }

  /**
   * Enables, narrows or disables the interception, as needed now. Commands reach the browser in
   * order, so all requests that are sent later are affected.
   */
  private adapt(): Promise<unknown> | undefined {
    const { access, clock } = this
    const needsAll = access.proxy !== null && this.proof.needed(clock.now())
    const mode = needsAll ? 'all' : access.sites.length > 0 ? 'sites' : 'none'
    if (mode === this.mode) return undefined
    this.mode = mode
    if (mode === 'none') return this.send('Fetch.disable')
    const patterns: Protocol.Fetch.RequestPattern[] =
      mode === 'all'
        ? [{ urlPattern: '*' }, { urlPattern: '*', requestStage: 'Response' }]
        : access.sites.map(({ origin }) => ({ urlPattern: `${origin}/*` }))
    return this.send('Fetch.enable', { patterns, handleAuthRequests: true })
  }

  private paused(event: Protocol.Fetch.RequestPausedEvent): void {
    const { requestId, frameId, responseStatusCode, responseErrorReason } = event
    let headers: Protocol.Fetch.HeaderEntry[] | undefined
    if (responseStatusCode === undefined && responseErrorReason === undefined) {
      this.proof.requestBegan(requestId, frameId, this.clock.now())
      headers = headersWithLogin(event, this.access)
    } else {
      const passed = responseStatusCode !== undefined && responseStatusCode !== PROXY_AUTHENTICATION_REQUIRED
      if (passed && throughProxy(event)) this.proof.passed(requestId, frameId)
      else this.proof.ended(requestId, frameId)
    }
    void this.send('Fetch.continueRequest', { requestId, ...(headers === undefined ? {} : { headers }) })
    void this.adapt()
  }

  /**
   * Sends a command and ignores its failure. A command fails only if the request was cancelled or
   * the browser has closed, and then nothing waits for the command.
   */
  private send(...command: Parameters<CDPSession['send']>): Promise<unknown> {
    return this.session.send(...command).catch(() => undefined)
  }
}

/**
 * True if the request is for the script of a service worker of the requesting origin. The header
 * alone proves nothing, because a script of any page can set it, and would then receive a response
 * that the login protects.
 */
function isForServiceWorker({ request, resourceType }: Protocol.Fetch.RequestPausedEvent): boolean {
  const { url, method, headers } = request
  if (headers['Service-Worker'] !== 'script' || resourceType !== 'Other' || method !== 'GET') return false
  const origins = [headers['Origin'], headers['Referer']].flatMap(address => address ?? [])
  return origins.every(address => URL.parse(address)?.origin === URL.parse(url)?.origin)
}

/**
 * True if the request passes through the proxy. A request that never leaves the machine proves
 * nothing about the proxy.
 */
function throughProxy({ request: { url } }: Protocol.Fetch.RequestPausedEvent): boolean {
  return url.startsWith('http:') || url.startsWith('https:')
}

/**
 * Returns the headers of a request with the login of its site added, if the request is for the
 * script of a service worker. Chrome reports no challenge for such a request and lets it fail.
 * Returns undefined for any other request, and for a site without a login.
 */
function headersWithLogin(
  event: Protocol.Fetch.RequestPausedEvent,
  { sites }: WorkerSecrets,
): Protocol.Fetch.HeaderEntry[] | undefined {
  if (!isForServiceWorker(event)) return undefined
  const { url, headers } = event.request
  const login = sites.find(({ origin }) => origin === URL.parse(url)?.origin)
  if (login === undefined) return undefined
  const token = Buffer.from(`${login.username}:${login.password}`).toString('base64')
  const rest = Object.entries(headers).map(([name, value]) => ({ name, value }))
  return [...rest, { name: 'Authorization', value: `Basic ${token}` }]
}
