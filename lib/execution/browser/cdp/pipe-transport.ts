import type { ConnectionTransport } from 'puppeteer'
import type { ChromeProcess } from '../launch/chrome-process.ts'

const END_OF_MESSAGE = 0

/**
 * Returns a CDP transport over Chrome's pipe: JSON messages, each ended by a zero byte. Closing the
 * transport closes the pipe, which ends Chrome.
 */
export function pipeTransport({ toChrome, fromChrome }: ChromeProcess): ConnectionTransport {
  let pending: Buffer[] = []
  const transport: ConnectionTransport = {
    send: message => {
      // Chrome may have ended already; the other pipe reports the end.
      if (toChrome.writable) toChrome.write(`${message}\0`)
    },
    close: () => {
      toChrome.destroy()
      fromChrome.destroy()
    },
  }
  fromChrome.on('data', (chunk: Buffer) => {
    let start = 0
    for (let end = chunk.indexOf(END_OF_MESSAGE); end !== -1; end = chunk.indexOf(END_OF_MESSAGE, start)) {
      const last = chunk.subarray(start, end)
      const message = pending.length === 0 ? last : Buffer.concat([...pending, last])
      pending = []
      start = end + 1
      transport.onmessage?.(message.toString('utf8'))
    }
    if (start < chunk.length) pending.push(chunk.subarray(start))
  })
  fromChrome.once('close', () => transport.onclose?.())
  // A broken pipe means the end of Chrome, which 'close' reports.
  fromChrome.on('error', () => undefined)
  toChrome.on('error', () => undefined)
  return transport
}
