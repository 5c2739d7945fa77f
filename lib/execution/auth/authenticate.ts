import type { Browser, ConnectionTransport, Target } from 'puppeteer'
import type { Clock } from '../../core/time/clock.ts'
import { AutomateError } from '../../core/errors/errors.ts'
import type { WorkerSecrets } from '../../model/worker/worker-secrets.ts'
import type { CdpTap } from '../browser/cdp/cdp-tap.ts'
import { ChallengeAnswers } from './answer-challenge.ts'
import type { Answer, Challenge } from './answer-challenge.ts'
import { authTransport } from './auth-transport.ts'
import { guardBrowser } from './auth-guard.ts'
import type { ProxyFault } from '../../model/proxy/proxy.ts'

/**
 * Matches Chrome's log text for a 407 response. The page's log is the only report of such a
 * response that does not cost time at every request. After the number, Chrome adds a text from the
 * server.
 */
const REFUSAL = /^Failed to load resource: the server responded with a status of 407\b/
/** Matches Chrome's log text for a tunnel that the proxy refused, whatever the reason. */
const NO_TUNNEL = /^Failed to load resource: net::ERR_TUNNEL_CONNECTION_FAILED/

export interface AuthenticationOptions {
  /** Proxy of the browser, without credentials; null for direct connections. */
  readonly proxyServer: string | null
  readonly access: WorkerSecrets
  readonly clock: Clock
  /** Called once if credentials are refused or missing, because the work cannot continue. */
  readonly onRefused: (error: AutomateError) => void
}

/** Authenticates a browser at its proxy, and at the sites with HTTP authentication. */
export interface Authentication {
  /** Wraps the transport for puppeteer's connection. */
  transport(inner: ConnectionTransport): ConnectionTransport
  /**
   * Resolves when pages may be opened. Excludes the commands of the authentication from `sent`.
   * Every job of this browser has the same credentials, so these commands leave no trace of a job.
   */
  begin(browser: Browser, sent: CdpTap): Promise<void>
}

export function authentication(options: AuthenticationOptions): Authentication {
  const { proxyServer, access, clock } = options
  let warned = false
  const refuse = (error: AutomateError) => {
    if (warned) return
    warned = true
    options.onRefused(error)
  }
  const onAnswer = ({ source, origin }: Challenge, answer: Answer) => {
    if (answer.type !== 'refused') return
    refuse(source === 'Server' ? siteRefused(origin) : proxyRefused(origin, answer.had))
  }
  return {
    transport: inner => authTransport(inner, new ChallengeAnswers(access), onAnswer),
    async begin(browser, sent) {
      const secrets = access.proxy !== null || access.sites.length > 0
      const guard = secrets ? await guardBrowser(browser, access, clock) : undefined
      if (guard !== undefined) sent.ignore(guard.sessionId)
      if (proxyServer === null) return
      const asksForLogin = loginCheck(proxyServer)
      watchProxyAuth(browser, ({ kind, url }) => {
        if (access.proxy !== null) guard?.proxyAskedAgain()
        else if (kind === 'status' && !warned)
          void asksForLogin(url).then(asks => asks && refuse(proxyRefused(proxyServer, false)))
      })
    },
  }
}

/**
 * Time limit of the check of a proxy. A proxy that has just sent a 407 responds within this time.
 */
const CHECK_LIMIT_MS = 5_000

/**
 * Returns a function that requests a tunnel from a proxy to the host of an address, and resolves
 * with true if the proxy requires a login. A 407 for a plain HTTP address can come from the site,
 * which could otherwise make one proxy after another unusable. While a check runs, further calls
 * resolve with false.
 */
function loginCheck(server: string): (url: string | undefined) => Promise<boolean> {
  let checking = false
  return async url => {
    const host = URL.parse(url ?? '')?.hostname
    if (checking || host === undefined || host === '') return false
    checking = true
    try {
      // Loaded on demand, because most workers never need it.
      const { probeProxy } = await import('../proxy/probe-proxy.ts')
      const { state } = await probeProxy({ server, login: null }, new URL(`https://${host}`), CHECK_LIMIT_MS)
      return state === 'refuses'
    } catch {
      return false
    } finally {
      checking = false
    }
  }
}

/**
 * Returns the error for a proxy that rejected the credentials, or that requires credentials
 * although there are none (`had` is false). `server` is the proxy's address.
 */
export function proxyRefused(server: string, had: boolean): AutomateError {
  const what = had
    ? 'rejected the user name and password from "proxies" (407). Correct them in "proxies".'
    : 'requires a user name and a password (407), but "proxies" has none. Write the proxy as http://name:secret@host:port.'
  const fault: ProxyFault = { kind: had ? 'refuses' : 'no-login' }
  return new AutomateError('proxy', `The proxy ${server} ${what}`, {
    facts: { proxy: server, status: 407, fault },
  })
}

/**
 * Returns the error for a site that rejected the credentials of its origin. The job is not retried,
 * because a retry would only lock the account.
 */
function siteRefused(origin: string): AutomateError {
  return new AutomateError(
    'hard-fail',
    `${origin} rejected the user name and password from "credentials" (401). Correct them in "credentials", then retry the job.`,
    { facts: { origin, status: 401 } },
  )
}

/**
 * A refusal that a page has logged: a 407 (`status`), or a failed tunnel, for which Chrome reports
 * no reason. `url` is the address of the request.
 */
interface SeenRefusal {
  readonly kind: 'status' | 'tunnel'
  readonly url: string | undefined
}

/**
 * Reports each 407 and each failed tunnel that a page logs, because without interception the
 * browser treats a 407 as an ordinary response. A site can send a 407, too.
 */
function watchProxyAuth(browser: Browser, onRefusal: (seen: SeenRefusal) => void): void {
  const watch = async (target: Target) => {
    const type: string = target.type()
    if (type !== 'page') return
    const session = await target.createCDPSession()
    session.on('Log.entryAdded', ({ entry: { source, text, url } }) => {
      if (source !== 'network') return
      if (REFUSAL.test(text)) onRefusal({ kind: 'status', url })
      else if (NO_TUNNEL.test(text)) onRefusal({ kind: 'tunnel', url })
    })
    await session.send('Log.enable')
  }
  const begin = (target: Target) => {
    // A page that closes before its watch begins needs none.
    watch(target).catch(() => undefined)
  }
  browser.targets().forEach(begin)
  browser.on('targetcreated', begin)
}
