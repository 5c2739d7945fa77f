import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import fetch, { AbortError, FetchError, Headers } from 'node-fetch'
import type { BodyInit, Response } from 'node-fetch'
import type { Clock } from '../core/time/clock.ts'
import { systemCode } from '../core/errors/errors.ts'
import { percentDecoded } from '../core/text/percent-decoded.ts'
import { retryAfterMs } from '../core/time/retry-after.ts'

/** No answer of an API is longer; what a captive portal says need not be read. */
const ANSWER_LIMIT_BYTES = 64 * 1024

/** What fails in one of these ways has not reached the server. */
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

/** What came of a request. `uncertain`: it may have arrived, and nobody can know. */
export type Answer =
  | { readonly status: number; readonly retryAfterMs: number | null; readonly body: string }
  | { readonly status: null; readonly why: string; readonly uncertain: boolean }

/**
 * Makes one request over a connection of its own: directly, whatever proxies the environment names, and never over a connection that an earlier reset has left. Never
 * rejects. What it says of a failure holds neither the address nor a header: they may be secret.
 */
export async function httpRequest(
  { url, ...asked }: Request,
  deadlineMs: number,
  clock: Clock,
  signal?: AbortSignal,
): Promise<Answer> {
  const stopped = () => signal?.aborted === true
  // node-fetch would destroy the body of a request that it does not begin, and nobody would hear that stream's error but the whole process.
  if (stopped()) return { status: null, why: 'stopped', uncertain: false }
  const controller = new AbortController()
  const abort = () => controller.abort()
  const forget = clock.after(deadlineMs, abort)
  signal?.addEventListener('abort', abort, { once: true })
  try {
    const response = await fetch(withoutCredentials(url), {
      ...asked,
      headers: headersFor(url, asked.headers),
      // Following one would hand secrets to whoever it names.
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

/** Returns the address that node-fetch takes: it refuses one with credentials. */
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

/** What cannot be read as an answer says nothing: the status does. */
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
    return { status: null, why: `no answer within ${deadlineMs} ms`, uncertain: true }
  const code = error instanceof FetchError ? error.code : systemCode(error)
  if (code !== undefined) return { status: null, why: code, uncertain: !NEVER_ARRIVED.has(code) }
  return { status: null, why: 'the connection failed', uncertain: true }
}
