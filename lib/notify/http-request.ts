import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import fetch, { AbortError, FetchError, Headers } from 'node-fetch'
import type { BodyInit, Response } from 'node-fetch'
import type { Clock } from '../core/time/clock.ts'
import { systemCode } from '../core/errors/errors.ts'
import { percentDecoded } from '../core/text/percent-decoded.ts'
import { retryAfterMs } from '../core/time/retry-after.ts'

/**
 * Maximum number of bytes that are read of a response. No API sends a longer response, and the page
 * of a captive portal need not be read.
 */
const ANSWER_LIMIT_BYTES = 64 * 1024

/** Codes of errors that occur before the request reaches the server. */
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

/**
 * Result of a request. `uncertain` is true if it is unknown whether the request reached the server.
 */
export type Answer =
  | { readonly status: number; readonly retryAfterMs: number | null; readonly body: string }
  | { readonly status: null; readonly why: string; readonly uncertain: boolean }

/**
 * Makes one request over a new direct connection. It uses neither the environment's proxies nor an
 * earlier connection, which a reset may have broken. Never rejects. The reason of a failure
 * contains neither the address nor a header, because both may be secret.
 */
export async function httpRequest(
  { url, ...asked }: Request,
  deadlineMs: number,
  clock: Clock,
  signal?: AbortSignal,
): Promise<Answer> {
  const stopped = () => signal?.aborted === true
  // If the signal is already aborted, node-fetch destroys the body without sending the request. The
  // unhandled error of the body's stream would then end the process.
  if (stopped()) return { status: null, why: 'stopped', uncertain: false }
  const controller = new AbortController()
  const abort = () => controller.abort()
  const forget = clock.after(deadlineMs, abort)
  signal?.addEventListener('abort', abort, { once: true })
  try {
    const response = await fetch(withoutCredentials(url), {
      ...asked,
      headers: headersFor(url, asked.headers),
      // A redirect is not followed, because its target would receive the secrets.
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
 * Returns the address without its credentials, because node-fetch refuses an address with
 * credentials.
 */
function withoutCredentials(url: string): string {
  const address = new URL(url)
  address.username = ''
  address.password = ''
  return address.href
}

/**
 * Returns the headers, with the credentials of the address as basic authentication (RFC 7617)
 * unless the headers have an authorization already.
 */
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
 * Returns the text of a response, or '' if the text cannot be read, because the status is
 * sufficient.
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
