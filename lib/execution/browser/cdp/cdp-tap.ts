import type { ConnectionTransport } from 'puppeteer'

/** Lets listeners follow the CDP messages that are sent to a browser. */
export interface CdpTap {
  /**
   * Calls `listener` with each message before it is sent. A message for which a listener throws is
   * not sent. The returned function removes the listener.
   */
  listen(listener: (message: string) => void): () => void
  /** Excludes the messages of a CDP session that belongs to no job. */
  ignore(sessionId: string): void
}

/** Lets listeners follow the messages of a transport by replacing its `send`. */
export function tapTransport(transport: ConnectionTransport): CdpTap {
  const listeners = new Set<(message: string) => void>()
  /**
   * Last characters of the excluded messages, by which the messages are recognised. puppeteer
   * writes the id of the session last.
   */
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
