import type { Readable } from 'node:stream'
import { createInterface } from 'node:readline'
import { systemClock } from '../core/clock.ts'
import { pause } from '../core/deadline.ts'
import { killSameTree } from './kill-tree.ts'
import type { ProcessIdentity } from '../domain/process-identity.ts'
import { parseOrder } from './reaper-orders.ts'

/** A killed process is gone within milliseconds; one that hangs in the kernel (a dead network drive) may never go. */
const ROUNDS = 50
const BETWEEN_ROUNDS_MS = 100

/** Follows the console's orders until its pipe ends, then ends the processes that are still recorded, and resolves. */
export async function reap(orders: Readable): Promise<void> {
  const recorded = new Map<number, ProcessIdentity>()
  for await (const line of createInterface({ input: orders })) {
    const order = parseOrder(line)
    if (order?.type === 'add') recorded.set(order.identity.pid, order.identity)
    if (order?.type === 'remove') recorded.delete(order.pid)
  }
  for (let round = 0; round < ROUNDS; round++) {
    const alive = await Promise.all([...recorded.values()].map(killSameTree))
    if (!alive.includes(true)) return
    await pause(BETWEEN_ROUNDS_MS, systemClock)
  }
}
