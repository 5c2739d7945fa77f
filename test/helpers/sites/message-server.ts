import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Test } from 'tap'
import { until } from '../until.ts'

/** Response of the server to one request. */
export type ServerAnswer =
  | { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
  /** Cuts the connection (RST) after the request has arrived. */
  | 'reset'
  /** Never responds. */
  | 'stall'
  /** Sends the head of a response, and no body. */
  | 'stall-in-body'
  /** Sends bytes that are not HTTP. */
  | 'garbage'

export interface ServerRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
  /**
   * Number of the connection on which the request arrived. Requests with different numbers used
   * different connections.
   */
  readonly connection: number
}

/** Telegram's response to an accepted message. */
export const TELEGRAM_OK: ServerAnswer = { status: 200, body: '{"ok":true,"result":{"message_id":1}}' }

/** Returns Telegram's response to a refused message. */
export const telegramRefusal = (status: number, description: string, parameters = {}): ServerAnswer => ({
  status,
  body: JSON.stringify({ ok: false, error_code: status, description, parameters }),
})

/** Real HTTP server that receives messages and sends the responses that the test has set. */
export interface MessageServer {
  readonly url: string
  /** All requests that were received completely, oldest first. */
  readonly requests: readonly ServerRequest[]
  /** Responses to the next requests, in order. After the last one, the server sends `otherwise`. */
  readonly answers: ServerAnswer[]
  otherwise: ServerAnswer
  /** Waits until `count` requests have arrived, and returns them. */
  arrived(count: number): Promise<readonly ServerRequest[]>
  close(): Promise<void>
}

export async function messageServer(
  t: Pick<Test, 'teardown'>,
  ...answers: readonly ServerAnswer[]
): Promise<MessageServer> {
  const requests: ServerRequest[] = []
  const sockets = new Map<Socket, number>()
  const left = [...answers]
  const http = createServer((request, response) => {
    let body = ''
    request.setEncoding('latin1').on('data', (text: string) => (body += text))
    request.on('end', () => {
      const { method = '', url: path = '', headers, socket } = request
      requests.push({
        ...{ method, path, headers, connection: sockets.get(socket) ?? 0 },
        body: Buffer.from(body, 'latin1').toString('utf8'),
      })
      answer(response, left.shift() ?? server.otherwise)
    })
  })
  let connections = 0
  http.on('connection', socket => {
    sockets.set(socket, ++connections)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve))
  const address = http.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  const server: MessageServer = {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    answers: left,
    otherwise: TELEGRAM_OK,
    arrived: count => until(`${count} requests`, () => (requests.length >= count ? requests : undefined)),
    close: () =>
      new Promise(resolve => {
        for (const socket of sockets.keys()) socket.destroy()
        http.close(() => resolve())
      }),
  }
  t.teardown(() => server.close())
  return server
}

function answer(response: ServerResponse, how: ServerAnswer): void {
  if (how === 'stall') return
  if (how === 'reset') response.socket?.resetAndDestroy()
  else if (how === 'garbage') response.socket?.end('\u0000\u0001 no HTTP at all\r\n\r\n')
  else if (how === 'stall-in-body') {
    response.writeHead(200, { 'content-length': '1000' })
    response.write('{"ok":')
  } else response.writeHead(how.status, how.headers).end(how.body ?? '')
}
