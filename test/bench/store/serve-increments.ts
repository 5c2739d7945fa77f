import process from 'node:process'
import { z } from 'zod'

/**
 * The client's side of the store bench: says "ready", does its increments on "go", says "done" and
 * ends. Each `increment` is one transaction, and is over when it is acknowledged as durable.
 */
export function serveIncrements(
  increments: number,
  client: { increment(): void | Promise<void>; close(): void | Promise<void> },
): void {
  process.once('message', async message => {
    z.literal('go').parse(message)
    for (let done = 0; done < increments; done += 1) await client.increment()
    process.send?.('done')
    await client.close()
    process.disconnect()
  })
  process.send?.('ready')
}
