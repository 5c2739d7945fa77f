import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'

const CERTIFICATES = join(import.meta.dirname, '../../fixtures/certificates')

/** GUID that the server appends to the key of a handshake (RFC 6455). */
const WEBSOCKET_ID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const GREETING = 'hello'

/**
 * Starts a real HTTPS site with a self-signed certificate: pages that show their path, and a web
 * socket that sends a greeting.
 */
export async function secureSite(t: {
  teardown(end: () => unknown): unknown
}): Promise<{ readonly origin: string }> {
  const server = createServer(
    {
      key: readFileSync(join(CERTIFICATES, 'self-signed.key')),
      cert: readFileSync(join(CERTIFICATES, 'self-signed.pem')),
    },
    (request, response) => {
      response.setHeader('content-type', 'text/html')
      response.end(`<link rel="icon" href="data:,"><h1>${request.url ?? ''}</h1>`)
    },
  )
  const sockets = new Set<Duplex>()
  server.on('upgrade', (request, socket: Duplex) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    const key = `${request.headers['sec-websocket-key'] ?? ''}${WEBSOCKET_ID}`
    const accept = createHash('sha1').update(key).digest('base64')
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    )
    // One complete text frame. Servers do not mask their frames.
    socket.write(Buffer.concat([Buffer.from([0x81, GREETING.length]), Buffer.from(GREETING)]))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the site has no port')
  return { origin: `https://127.0.0.1:${address.port}` }
}
