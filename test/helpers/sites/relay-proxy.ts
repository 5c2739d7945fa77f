import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'

export interface RelayProxyOptions {
  /** True to close the connection if the site is unreachable, instead of responding with 502. */
  readonly hangsUp?: boolean
  /** Bytes to send to every client before the proxy closes the connection. */
  readonly sends?: string
}

/**
 * Real HTTP proxy that relays bytes unchanged, as most do. It has no header limits of its own and
 * does not know whether the bytes are HTTP.
 */
export class RelayProxy {
  private readonly server: Server
  private readonly options: RelayProxyOptions
  private readonly sockets = new Set<Socket>()

  static async start(
    t: { teardown(end: () => unknown): unknown },
    options: RelayProxyOptions = {},
  ): Promise<RelayProxy> {
    const proxy = new RelayProxy(options)
    t.teardown(() => proxy.close())
    await new Promise<void>(resolve => proxy.server.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  private constructor(options: RelayProxyOptions) {
    this.options = options
    this.server = createServer(socket => {
      this.hold(socket)
      socket.once('data', head => this.begin(socket, head))
    })
  }

  get address(): string {
    const address = this.server.address()
    if (!isAddress(address)) throw new Error('the proxy does not listen')
    return `http://127.0.0.1:${address.port}`
  }

  private close(): void {
    for (const socket of this.sockets) socket.destroy()
    this.server.close()
  }

  private hold(socket: Socket): Socket {
    this.sockets.add(socket)
    return socket.once('close', () => this.sockets.delete(socket)).on('error', () => socket.destroy())
  }

  private begin(socket: Socket, head: Buffer): void {
    const { sends } = this.options
    if (sends !== undefined) {
      socket.end(sends)
      return
    }
    const [, method = '', target = ''] = /^(\S+) (\S+) /.exec(head.toString('latin1')) ?? []
    const tunnel = method === 'CONNECT'
    const { hostname, port } = new URL(tunnel ? `https://${target}` : target)
    // No resolver finds such a name (RFC 6761), and without a network the query would take seconds.
    if (hostname.endsWith('.invalid')) {
      this.fail(socket)
      return
    }
    const onward = this.hold(connect(Number(port === '' ? (tunnel ? 443 : 80) : port), hostname))
    let open = false
    onward.once('connect', () => {
      open = true
      if (tunnel) socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      else onward.write(head)
      socket.pipe(onward).pipe(socket)
    })
    onward.once('error', () => (open ? socket.destroy() : this.fail(socket)))
  }

  private fail(socket: Socket): void {
    if (this.options.hangsUp === true) socket.destroy()
    else socket.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n')
  }
}

function isAddress(address: ReturnType<Server['address']>): address is AddressInfo {
  return address !== null && typeof address === 'object'
}
