import { fork } from 'node:child_process'
import { z } from 'zod'
import type { Measurement } from '../harness/competitor.ts'
import { childExit, nextMessage } from '../harness/child-message.ts'
import { timeRate } from '../harness/timing.ts'

/**
 * Time limit. The slowest measured store does 28 transactions a second, so 4,000 take 2.4 minutes.
 */
const CLIENT_LIMIT_MS = 600_000

/**
 * Forks the client processes, connects all of them, starts them together and times them until the
 * last one is done.
 * @param program an entry that calls `serveIncrements`.
 */
export async function driveClients(
  program: string,
  args: readonly string[],
  options: { clients: number; increments: number },
): Promise<Measurement> {
  const clients = Array.from({ length: options.clients }, (_, index) => ({
    child: fork(program, args),
    name: `store client ${index}`,
  }))
  const hear = (word: string) =>
    Promise.all(clients.map(({ child, name }) => nextMessage(child, z.literal(word), CLIENT_LIMIT_MS, name)))
  await hear('ready')
  const measurement = await timeRate(options.clients * options.increments, async () => {
    const done = hear('done')
    for (const { child } of clients) child.send('go')
    await done
  })
  await Promise.all(clients.map(({ child, name }) => childExit(child, CLIENT_LIMIT_MS, name)))
  return measurement
}
