import type { Browser, CDPSession, Protocol } from 'puppeteer'
import type { Clock } from '../../core/time/clock.ts'
import type { WorkerSecrets } from '../../model/worker/worker-secrets.ts'
import { ProxyAuthState } from './proxy-auth-state.ts'

const PROXY_AUTHENTICATION_REQUIRED = 407

/**
 * Catches every challenge of a proxy or a site in every page, pop-up, frame and worker of a browser, the first request included: the browser's own CDP target
 * intercepts requests wherever they come from, so that no new page has to be caught before it starts. The answers come from `answeringTransport`.
 *
 * Interception costs time at every request, so it steps aside where it can: for a proxy once the browser itself has the credentials (see `ProxyAuthState`), for
 * sites it is limited to their origins. Resolves when it is in force; before that nothing may be requested.
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

  /** The CDP session of all that it sends. */
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

  /** The proxy asked for credentials where it had accepted them before: they are offered again. */
  proxyAskedAgain(): void {
    this.proof.invalidate()
    void this.adapt()
  }

  /** Puts the interception into force that is needed now. Commands reach the browser in order, so what is asked of it later is caught. */
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

  /** A request that has been cancelled, and a browser that has closed, refuse the command: nobody waits for either. */
  private send(...command: Parameters<CDPSession['send']>): Promise<unknown> {
    return this.session.send(...command).catch(() => undefined)
  }
}

/**
 * Returns true for the script of a service worker, which is of the origin that asks for it. The header alone proves nothing: a script
 * of any page can set it, and its request would be answered with what the login protects.
 */
function isForServiceWorker({ request, resourceType }: Protocol.Fetch.RequestPausedEvent): boolean {
  const { url, method, headers } = request
  if (headers['Service-Worker'] !== 'script' || resourceType !== 'Other' || method !== 'GET') return false
  const origins = [headers['Origin'], headers['Referer']].flatMap(address => address ?? [])
  return origins.every(address => URL.parse(address)?.origin === URL.parse(url)?.origin)
}

/** What never leaves the machine proves nothing about the proxy. */
function throughProxy({ request: { url } }: Protocol.Fetch.RequestPausedEvent): boolean {
  return url.startsWith('http:') || url.startsWith('https:')
}

/**
 * Returns the headers of a request for the script of a service worker, with the login of its site: Chrome reports no challenge to
 * such a request, and gives up. Undefined for any other request, and for one to a site without a login.
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
