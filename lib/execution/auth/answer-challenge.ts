import type { WorkerSecrets, Login } from '../../model/worker/worker-secrets.ts'

/** What is known when a proxy or a site asks for credentials. */
export interface Challenge {
  /** Of the request, the same each time that it is asked for. */
  readonly request: string
  readonly source: 'Proxy' | 'Server'
  /** Who asks: the proxy's or the site's origin. */
  readonly origin: string
}

export type Answer =
  | { readonly type: 'provide'; readonly login: Login }
  /** Not ours to answer: the browser does what it would have done. */
  | { readonly type: 'leave' }
  /** What we had was not accepted, or there is nothing; the request goes on to its 401 or 407. */
  | { readonly type: 'refused'; readonly had: boolean }

/** A request that is challenged again is so at once, so that the newest are all that need to be known. */
const REMEMBERED = 1_000

/**
 * Answers challenges, each once a request: the same credentials do not get better by being repeated, and would loop for ever. Only the proxy gets the proxy's
 * credentials, and only the very origin that they are for gets a site's.
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

/** Chrome leaves a standard port out in some places and not in others. */
function originOf(address: string): string {
  return URL.canParse(address) ? new URL(address).origin : address
}
