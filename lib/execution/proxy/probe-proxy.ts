import { request as httpRequest } from 'node:http'
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { connect } from 'node:net'
import { AutomateError, isAutomateError, messageOf, systemCode } from '../../core/errors/errors.ts'
import { raceAbort } from '../../core/time/timeout.ts'
import type { Login } from '../../model/worker/worker-secrets.ts'
import { faultIn } from '../../model/proxy/proxy.ts'
import type { ProxyFault } from '../../model/proxy/proxy.ts'

/** RFC 1928: version 5, one method, "no authentication required". */
const GREETING = Buffer.from([5, 1, 0])
const ACCEPTED = Buffer.from([5, 0])

/**
 * Result of a probe. `state` is one of:
 *
 * - `works`
 * - `refuses`: the proxy rejects the credentials, or requires some (407).
 * - `answers`: the proxy responds with an error about the target, or with bytes that are no HTTP
 *   response (`status` is null then).
 * - `silent`: the proxy sends nothing within the time limit.
 * - `unreachable`: the connection fails, or the proxy does not accept it.
 *
 * `why` is a text for people, without secrets. `fault` is the reason for programs; null if `state`
 * is `works` or `answers`.
 */
export interface Probe {
  readonly state: 'works' | 'refuses' | 'answers' | 'silent' | 'unreachable'
  readonly status: number | null
  readonly tookMs: number
  readonly why: string
  readonly fault: ProxyFault | null
}

export interface ProbedProxy {
  readonly server: string
  readonly login: Login | null
}

/**
 * Maximum size of a response's headers. Chrome reads 256 KB of headers; Node refuses more than 16
 * KB by default.
 */
const MAX_HEADER_BYTES = 1024 ** 2

/** Default port of each protocol. */
const PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 }

/**
 * Requests `target` through a proxy: a page for an http address, a tunnel for an https address. The
 * target's certificate is not checked, because only a tunnel to it is opened. Never rejects; takes
 * at most `limitMs`.
 */
export async function probeProxy(proxy: ProbedProxy, target: URL, limitMs: number): Promise<Probe> {
  const startedAt = performance.now()
  const fault = (
    state: Probe['state'],
    status: number | null,
    why: string,
    fault: ProxyFault | null = null,
  ): Probe => ({ state, status, tookMs: Math.round(performance.now() - startedAt), why, fault })
  const silence = AbortSignal.timeout(limitMs)
  const seen = { bytes: false }
  try {
    if (proxy.server.startsWith('socks5:')) {
      await socksHandshake(new URL(proxy.server), silence)
      return fault('works', null, '')
    }
    const onBytes = () => {
      seen.bytes = true
    }
    // For some connections Node reports neither an end nor an error.
    const status = await raceAbort(statusThrough(proxy, target, silence, onBytes), silence)
    if (status === 407) {
      const kind = proxy.login === null ? 'no-login' : 'refuses'
      return fault('refuses', status, 'rejected the credentials (407)', { kind })
    }
    if (target.protocol === 'https:' ? status < 300 : status < 500) return fault('works', status, '')
    return fault('answers', status, `responded with ${status} for ${target.host}`)
  } catch (error) {
    // For an http target, the bytes come from the site, which may send anything. Bytes that arrive
    // before a tunnel is open come from the proxy itself.
    if (seen.bytes && target.protocol === 'http:')
      return fault('answers', null, `passed on an incomplete or malformed response for ${target.host}`)
    if (silence.aborted) {
      return fault('silent', null, `did not answer within ${limitMs} ms`, { kind: 'silent', ms: limitMs })
    }
    const why = systemCode(error) ?? messageOf(error)
    const known = isAutomateError(error) ? faultIn(error.facts) : null
    return fault('unreachable', null, `cannot be reached (${why})`, known ?? { kind: 'unreachable', why })
  }
}

/** Resolves with the status of the reply. Calls `onBytes` at the first bytes of any kind. */
function statusThrough(
  { server, login }: ProbedProxy,
  target: URL,
  signal: AbortSignal,
  onBytes: () => void,
): Promise<number> {
  const { protocol, hostname, port } = new URL(server)
  const tunnel = target.protocol === 'https:'
  const address = `${target.hostname}:${target.port === '' ? (PORTS[target.protocol] ?? 80) : target.port}`
  const options: RequestOptions = {
    host: hostname,
    port: Number(port === '' ? PORTS[protocol] : port),
    method: tunnel ? 'CONNECT' : 'GET',
    path: tunnel ? address : target.href,
    headers: { host: target.host, ...authorization(login) },
    agent: false,
    signal,
    maxHeaderSize: MAX_HEADER_BYTES,
    // Chrome accepts responses that a strict parser rejects.
    insecureHTTPParser: true,
  }
  return new Promise<number>((resolve, reject) => {
    const request: ClientRequest = (protocol === 'https:' ? httpsRequest : httpRequest)(options)
    const done = ({ statusCode = 0 }: IncomingMessage) => {
      if (statusCode >= 200) resolve(statusCode)
      else reject(new AutomateError('unexpected', `switched protocols with the status ${statusCode}`))
      request.destroy()
    }
    request.once('socket', socket => socket.once('data', onBytes))
    // Without a listener for `upgrade`, Node ends the connection after a 101 response and reports
    // nothing.
    for (const event of ['connect', 'response', 'upgrade']) request.once(event, done)
    request.on('error', reject).end()
  })
}

function authorization(login: Login | null): Record<string, string> {
  if (login === null) return {}
  const token = Buffer.from(`${login.username}:${login.password}`).toString('base64')
  return { 'proxy-authorization': `Basic ${token}` }
}

const broken = (what: string, kind: ProxyFault['kind']) =>
  new AutomateError('proxy', what, { facts: { fault: { kind } } })

/**
 * Greets a SOCKS5 proxy as Chrome does, and resolves when the proxy accepts. Rejects if the proxy
 * cannot be reached, requests credentials, or uses another protocol.
 */
function socksHandshake({ hostname, port }: URL, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), signal })
    socket.once('connect', () => socket.write(GREETING))
    socket.once('data', answer => {
      socket.destroy()
      if (answer.subarray(0, 2).equals(ACCEPTED)) resolve()
      else reject(broken('it does not accept this machine without credentials', 'not-admitted'))
    })
    socket.once('close', () => reject(broken('it closed the connection', 'hangs-up')))
    socket.once('error', reject)
  })
}
