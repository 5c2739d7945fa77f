import type { ConnectionTransport } from 'puppeteer'

/** The messages that go to a browser, for whoever wants to follow what it is asked to do. */
export interface SentMessages {
  /** Calls `listener` with each message before it goes. The returned function forgets it. */
  listen(listener: (message: string) => void): () => void
}

/** Lets others follow what is sent over a transport, whose own `send` is replaced. */
export function followSent(transport: ConnectionTransport): SentMessages {
  const listeners = new Set<(message: string) => void>()
  const send = transport.send.bind(transport)
  transport.send = message => {
    for (const listener of listeners) listener(message)
    send(message)
  }
  return {
    listen: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
