import type { WorkerSecrets, Login } from '../../model/worker/worker-secrets.ts'

/** A proxy's or a site's request for credentials. */
export interface Challenge {
  /** Id of the HTTP request. It stays the same each time that credentials are requested for it. */
  readonly request: string
  readonly source: 'Proxy' | 'Server'
  /** Origin of the proxy or the site that requests the credentials. */
  readonly origin: string
}

export type Answer =
  | { readonly type: 'provide'; readonly login: Login }
  /** No known credentials for the site: the browser applies its default. */
  | { readonly type: 'leave' }
  /**
   * The known credentials were rejected, or none are known for the proxy (`had` is false). The
   * request ends with its 401 or 407.
   */
  | { readonly type: 'refused'; readonly had: boolean }

/**
 * Maximum number of remembered requests. A rejected request is challenged again at once, so the
 * newest requests suffice.
 */
const REMEMBERED = 1_000

/**
 * Responds to challenges. Credentials are sent only once per request, because repeating rejected
 * credentials would loop forever. The proxy's credentials are sent only to the proxy, and a site's
 * credentials only to its exact origin.
 */
export class ChallengeAnswers {
  private readonly access: WorkerSecrets
  private readonly given = new Set<string>()

  constructor(access: WorkerSecrets) {
    this.access = access
  }

  answer(challenge: Challenge): Answer {
    const login = this.loginFor(challenge)
    if (login === undefined) {
      return challenge.source === 'Proxy' ? { type: 'refused', had: false } : { type: 'leave' }
    }
    const once = `${challenge.request} ${challenge.source} ${challenge.origin}`
    if (this.given.has(once)) return { type: 'refused', had: true }
    this.remember(once)
    return { type: 'provide', login }
  }

  private remember(once: string): void {
    this.given.add(once)
    const [oldest] = this.given
    if (this.given.size > REMEMBERED && oldest !== undefined) this.given.delete(oldest)
  }

  private loginFor({ source, origin }: Challenge): Login | undefined {
    const asks = originOf(origin)
    if (source === 'Server') return this.access.sites.find(site => site.origin === asks)
    const { proxy } = this.access
    return proxy !== null && originOf(proxy.server) === asks ? proxy : undefined
  }
}

/**
 * Returns the origin of an address without a standard port, which Chrome writes in some places and
 * omits in others. Returns a text that is no address unchanged.
 */
function originOf(address: string): string {
  return URL.canParse(address) ? new URL(address).origin : address
}
