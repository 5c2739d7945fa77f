import type { ConnectionTransport } from 'puppeteer'

/** The messages that go to a browser, for whoever wants to follow what it is asked to do. */
export interface CdpTap {
  /** Calls `listener` with each message before it goes. The returned function forgets it. */
  listen(listener: (message: string) => void): () => void
  /** What is sent in this CDP session is no job's, and nobody's to follow. */
  ignore(sessionId: string): void
}

/** Lets others follow what is sent over a transport, whose own `send` is replaced. */
export function tapTransport(transport: ConnectionTransport): CdpTap {
  const listeners = new Set<(message: string) => void>()
  /** How their messages end: puppeteer writes the session last. */
  const leftOut: string[] = []
  const send = transport.send.bind(transport)
  transport.send = message => {
    if (!leftOut.some(end => message.endsWith(end))) {
      for (const listener of listeners) listener(message)
    }
    send(message)
  }
  return {
    listen: listener => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    ignore: sessionId => void leftOut.push(`"sessionId":${JSON.stringify(sessionId)}}`),
  }
}
