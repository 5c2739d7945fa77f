import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import fetch, { AbortError, FetchError, Headers } from 'node-fetch'
import type { BodyInit, Response } from 'node-fetch'
import type { Clock } from '../core/time/clock.ts'
import { systemCode } from '../core/errors/errors.ts'
import { percentDecoded } from '../core/text/percent-decoded.ts'
import { retryAfterMs } from '../core/time/retry-after.ts'

/**
 * Most bytes read of a response. No response of an API is longer, and a captive portal's page need
 * not be read.
 */
const ANSWER_LIMIT_BYTES = 64 * 1024

/** Codes of errors before the server was reached. */
const NEVER_ARRIVED: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

export interface Request {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: BodyInit
}

/** Result of a request. `uncertain` if its arrival is unknown. */
export type Answer =
  | { readonly status: number; readonly retryAfterMs: number | null; readonly body: string }
  | { readonly status: null; readonly why: string; readonly uncertain: boolean }

/**
 * Makes one request over its own direct connection, ignoring the environment's proxies and
 * connections that an earlier reset has broken. Never rejects. The reasons of a failure contain
 * neither the address nor a header, because both may be secret.
 */
export async function httpRequest(
  { url, ...asked }: Request,
  deadlineMs: number,
  clock: Clock,
  signal?: AbortSignal,
): Promise<Answer> {
  const stopped = () => signal?.aborted === true
  // node-fetch would destroy the body of a request that it does not begin, and the error of that
  // unhandled stream would end the process.
  if (stopped()) return { status: null, why: 'stopped', uncertain: false }
  const controller = new AbortController()
  const abort = () => controller.abort()
  const forget = clock.after(deadlineMs, abort)
  signal?.addEventListener('abort', abort, { once: true })
  try {
    const response = await fetch(withoutCredentials(url), {
      ...asked,
      headers: headersFor(url, asked.headers),
      // Following a redirect would give secrets to its target.
      redirect: 'manual',
      size: ANSWER_LIMIT_BYTES,
      signal: controller.signal,
      agent: ({ protocol }) =>
        protocol === 'https:' ? new HttpsAgent({ keepAlive: false }) : new HttpAgent({ keepAlive: false }),
    })
    const askedMs = retryAfterMs(Object.fromEntries(response.headers), clock.now())
    return { status: response.status, retryAfterMs: askedMs, body: await textOf(response) }
  } catch (error) {
    return failure(error, deadlineMs, stopped())
  } finally {
    forget()
    signal?.removeEventListener('abort', abort)
  }
}

/**
 * Returns the address without credentials, because node-fetch refuses an address with credentials.
 */
function withoutCredentials(url: string): string {
  const address = new URL(url)
  address.username = ''
  address.password = ''
  return address.href
}

/** Adds the credentials of an address (RFC 7617) to headers that have none. */
function headersFor(url: string, given: Request['headers'] = {}): Headers {
  const { username, password } = new URL(url)
  const headers = new Headers(given)
  if ((username !== '' || password !== '') && !headers.has('authorization')) {
    const login = [username, password].map(part => percentDecoded(part) ?? part).join(':')
    headers.set('authorization', `Basic ${Buffer.from(login).toString('base64')}`)
  }
  return headers
}

/**
 * Returns the text of a response; empty if the text cannot be read, because the status suffices.
 */
async function textOf(response: Response): Promise<string> {
  try {
    return await response.text()
  } catch (error) {
    if (error instanceof AbortError) throw error
    return ''
  }
}

function failure(error: unknown, deadlineMs: number, stopped: boolean): Answer {
  if (stopped) return { status: null, why: 'stopped', uncertain: true }
  if (error instanceof AbortError)
    return { status: null, why: `no response within ${deadlineMs} ms`, uncertain: true }
  const code = error instanceof FetchError ? error.code : systemCode(error)
  if (code !== undefined) return { status: null, why: code, uncertain: !NEVER_ARRIVED.has(code) }
  return { status: null, why: 'the connection failed', uncertain: true }
}
