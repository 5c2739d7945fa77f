import { Agent, createServer, request as httpRequest } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'

export interface ProxyCounts {
  /** Number of requests and tunnels that had the right credentials, or needed none. */
  authenticated: number
  /** Number of requests and tunnels that got a response with status 407. */
  challenged: number
  /** Number of tunnels (CONNECT) among them. */
  tunnels: number
}

interface Credentials {
  readonly username: string
  readonly password: string
}

export interface ForwardProxyOptions {
  /** Credentials that the proxy demands with 407 and Basic. If absent, every client is accepted. */
  readonly credentials?: Credentials
  /** Other passwords that are accepted for the user name, like those of a provider's sessions. */
  readonly passwords?: readonly string[]
  /** True to accept connections and requests, and never respond. */
  readonly hangs?: boolean
}

/** Real HTTP proxy with CONNECT and absolute-form requests, keep-alive and Basic authentication. */
export class ForwardProxy {
  readonly counts: ProxyCounts = { authenticated: 0, challenged: 0, tunnels: 0 }
  /** Hosts of the accepted requests, in order. Refused requests are not included. */
  readonly hosts: string[] = []
  /** Passwords of the accepted requests. */
  readonly usedPasswords = new Set<string>()
  credentials: ForwardProxyOptions['credentials']
  /**
   * Number of further requests that get a 407 although their credentials are right, as after a
   * restart of a proxy.
   */
  forgetful = 0
  private readonly server: Server
  private readonly sockets = new Set<Socket | Duplex>()
  private readonly agent = new Agent({ keepAlive: true })
  private readonly hangs: boolean
  private readonly passwords: readonly string[]

  static async start(
    t: { teardown(end: () => unknown): unknown },
    options: ForwardProxyOptions = {},
  ): Promise<ForwardProxy> {
    const proxy = new ForwardProxy(options)
    t.teardown(() => proxy.die())
    await new Promise<void>(resolve => proxy.server.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  private constructor(options: ForwardProxyOptions) {
    this.credentials = options.credentials
    this.hangs = options.hangs ?? false
    this.passwords = options.passwords ?? []
    this.server = createServer((request, response) => this.forward(request, response))
    this.server.on('connection', socket => this.hold(socket))
    this.server.on('connect', (request, socket: Duplex, head: Buffer) => this.tunnel(request, socket, head))
  }

  get port(): number {
    const address = this.server.address()
    if (!isAddress(address)) throw new Error('the proxy does not listen')
    return address.port
  }

  /** Returns `http://127.0.0.1:port`, the form for Chrome. */
  get address(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Returns the address with the credentials, as a person writes it into the configuration. */
  get url(): string {
    return this.urls[0] ?? this.address
  }

  /** Returns the addresses with each password. */
  get urls(): string[] {
    return this.accepted.map(
      ({ username, password }) =>
        `http://${encodeURIComponent(username)}:${encodeURIComponent(password)}@127.0.0.1:${this.port}`,
    )
  }

  private get accepted(): readonly Credentials[] {
    const { credentials } = this
    if (credentials === undefined) return []
    return [credentials, ...this.passwords.map(password => ({ ...credentials, password }))]
  }

  /** Stops the proxy at once and closes all its connections. */
  async die(): Promise<void> {
    const closed = new Promise<void>(resolve => this.server.close(() => resolve()))
    for (const socket of this.sockets) socket.destroy()
    this.agent.destroy()
    this.server.closeAllConnections()
    await closed
  }

  private hold<S extends Socket | Duplex>(socket: S): S {
    if (this.sockets.has(socket)) return socket
    this.sockets.add(socket)
    socket.once('close', () => this.sockets.delete(socket))
    // If one side of a tunnel closes, the other is closed too, so the error needs no report.
    socket.on('error', () => socket.destroy())
    return socket
  }

  private passes(request: IncomingMessage): boolean {
    const { accepted } = this
    const login = accepted.find(one => request.headers['proxy-authorization'] === basic(one))
    const right = accepted.length === 0 || login !== undefined
    const passes = right && this.forgetful === 0
    if (right && !passes) this.forgetful -= 1
    this.counts[passes ? 'authenticated' : 'challenged'] += 1
    if (passes && login !== undefined) this.usedPasswords.add(login.password)
    if (passes)
      this.hosts.push(
        new URL(request.url?.includes('://') === true ? request.url : `http://${request.url ?? ''}`).host,
      )
    return passes
  }

  private forward(request: IncomingMessage, response: ServerResponse): void {
    if (this.hangs) return
    if (!this.passes(request)) {
      response.writeHead(407, { 'proxy-authenticate': 'Basic realm="proxy"', 'content-type': 'text/plain' })
      response.end('who are you?')
      return
    }
    const headers = Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => !name.startsWith('proxy-')),
    )
    headers['via'] = '1.1 forward-proxy'
    const onward = httpRequest(
      request.url ?? '',
      { method: request.method, headers, agent: this.agent },
      answer => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      },
    )
    onward.once('socket', socket => this.hold(socket))
    onward.once('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()))
    request.pipe(onward)
  }

  private tunnel(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.hold(socket)
    this.counts.tunnels += 1
    if (this.hangs) return
    if (!this.passes(request)) {
      socket.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="proxy"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n',
      )
      return
    }
    const { hostname, port } = new URL(`http://${request.url ?? ''}`)
    const onward = this.hold(connect(Number(port === '' ? 80 : port), hostname))
    onward.once('connect', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      if (head.length > 0) onward.write(head)
      onward.pipe(socket).pipe(onward)
    })
    onward.once('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'))
  }
}

function basic({ username, password }: Credentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

function isAddress(address: ReturnType<Server['address']>): address is AddressInfo {
  return address !== null && typeof address === 'object'
}
