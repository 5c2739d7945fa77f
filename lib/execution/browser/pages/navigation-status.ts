import type { Protocol } from 'puppeteer'
import { AutomateError } from '../../../core/errors/errors.ts'
import { retryAfterMs } from '../../../core/time/retry-after.ts'
import { domainOf } from '../../../model/job/domains.ts'
import type { Domain } from '../../../model/job/domains.ts'

const PROXY_AUTHENTICATION_REQUIRED = 407
const TOO_MANY_REQUESTS = 429
const SERVICE_UNAVAILABLE = 503

/** Rate limit of a domain, as one of its responses reports it. */
export interface RateLimited {
  readonly domain: Domain
  readonly status: number
  /** Pause that the site requests; null if it names none. */
  readonly retryAfterMs: number | null
}

/**
 * An open dialog of a page, which blocks the page's scripts until it is closed. Chrome announces
 * the dialog of `print()` as a page of its own.
 */
export interface OpenDialog {
  readonly type: Protocol.Page.DialogType | 'print'
  readonly message: string
}

/**
 * Facts of the response to the last navigation of one page. They are recorded because puppeteer's
 * calls do not throw for an error response.
 */
export class PageFacts {
  private status: number | undefined
  /** Rate limit that the page's response reports; undefined if there is none. */
  refusal: RateLimited | undefined

  /**
   * True if a proxy that requires a login responded instead of the site. Nothing throws then,
   * and the phase fails on a page that is not the site's.
   */
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

/**
 * Returns the rate limit that a response reports, if any. A site that is down sends a 503, too, so
 * a 503 counts only with a `Retry-After`.
 */
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

/** Returns a text such as `shop.example asks to wait 30 s (429)`. */
export function rateLimitText({ domain, status, retryAfterMs: ms }: RateLimited): string {
  const what = ms === null ? 'asks to be left alone' : `asks to wait ${Math.ceil(ms / 1_000)} s`
  return `${domain} ${what} (${status})`
}

/**
 * Returns the error of a phase that failed on a page with a rate limit. The job is retried no
 * earlier than the domain requests.
 */
export function rateLimitedError(refusal: RateLimited, cause: unknown): AutomateError {
  const { domain, status, retryAfterMs: ms } = refusal
  return new AutomateError('navigate', `${rateLimitText(refusal)}.`, {
    facts: { domain, status, ...(ms === null ? {} : { retryAfterMs: ms }) },
    cause,
  })
}
