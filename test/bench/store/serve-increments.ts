import process from 'node:process'
import { z } from 'zod'

/**
 * Runs the client's side of the store bench: sends "ready", does its increments on "go", sends
 * "done" and ends. Each `increment` is one transaction, and ends when it is acknowledged as
 * durable.
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
