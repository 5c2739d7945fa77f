import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import { once } from 'node:events'

/** Address that responds only after the gate is opened. */
export interface Gate {
  readonly url: string
  /** Resolves when a request waits at the gate. */
  readonly reached: Promise<true>
  open(): void
  close(): void
}

/** Starts a closed gate. */
export async function startGate(): Promise<Gate> {
  const waiting: ServerResponse[] = []
  const reached = Promise.withResolvers<true>()
  const server = createServer((_request, response) => {
    waiting.push(response)
    reached.resolve(true)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = address === null || typeof address === 'string' ? 0 : address.port
  return {
    url: `http://127.0.0.1:${port}`,
    reached: reached.promise,
    open: () => {
      for (const response of waiting.splice(0)) response.end()
    },
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
