import type { Protocol } from 'puppeteer'
import { AutomateError } from '../../../core/errors/errors.ts'
import { retryAfterMs } from '../../../core/time/retry-after.ts'
import { domainOf } from '../../../model/job/domains.ts'
import type { Domain } from '../../../model/job/domains.ts'

const PROXY_AUTHENTICATION_REQUIRED = 407
const TOO_MANY_REQUESTS = 429
const SERVICE_UNAVAILABLE = 503

/** A domain has answered that it is asked too often. */
export interface RateLimited {
  readonly domain: Domain
  readonly status: number
  /** Pause that the site asks for; null if it names none. */
  readonly retryAfterMs: number | null
}

/** A dialog that a page shows, and that blocks its scripts until it is closed. Chrome announces the one of `print()` as a page of its own. */
export interface OpenDialog {
  readonly type: Protocol.Page.DialogType | 'print'
  readonly message: string
}

/** The response to the last navigation of one page: its calls do not throw for it. */
export class PageFacts {
  private status: number | undefined
  /** The page is the answer of a domain that is asked too often. */
  refusal: RateLimited | undefined

  /** A proxy that wants a login answers in the place of the site, and nothing throws: the phase fails on a page that is not the site's. */
  get refusedByProxy(): boolean {
    return this.status === PROXY_AUTHENTICATION_REQUIRED
  }

  navigating(): void {
    this.status = undefined
    this.refusal = undefined
  }

  navigated(response: Protocol.Network.Response, now: number): void {
    this.status = response.status
    this.refusal = refusalIn(response, now)
  }
}

/** A site that is down says 503 too: only with a time does it ask for anything. */
function refusalIn(
  { status, url, headers }: Protocol.Network.Response,
  now: number,
): RateLimited | undefined {
  if (status !== TOO_MANY_REQUESTS && status !== SERVICE_UNAVAILABLE) return undefined
  const domain = domainOf(url)
  const lowerCase = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const)
  const askedMs = retryAfterMs(Object.fromEntries(lowerCase), now)
  if (domain === undefined || (askedMs === null && status === SERVICE_UNAVAILABLE)) return undefined
  return { domain, status, retryAfterMs: askedMs }
}

/** `shop.example asks to wait 30 s (429)`. */
export function rateLimitText({ domain, status, retryAfterMs: ms }: RateLimited): string {
  const what = ms === null ? 'asks to be left alone' : `asks to wait ${Math.ceil(ms / 1_000)} s`
  return `${domain} ${what} (${status})`
}

/** The failure of a phase on a page that is a refusal: the job is tried again no earlier than the domain asks. */
export function rateLimitedError(refusal: RateLimited, cause: unknown): AutomateError {
  const { domain, status, retryAfterMs: ms } = refusal
  return new AutomateError('navigate', `${rateLimitText(refusal)}.`, {
    facts: { domain, status, ...(ms === null ? {} : { retryAfterMs: ms }) },
    cause,
  })
}
