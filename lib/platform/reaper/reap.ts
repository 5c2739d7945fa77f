import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { systemClock } from '../../core/time/clock.ts'
import { delay } from '../../core/time/timeout.ts'
import { killSameTree } from '../process/kill-tree.ts'
import { ProcessIdentity } from '../../model/worker/process-identity.ts'
import { parseCommand } from './protocol.ts'

/**
 * Most rounds of killing. A killed process exits within milliseconds, but a process that hangs in
 * the kernel (a dead network drive) may never exit.
 */
const ROUNDS = 50
const BETWEEN_ROUNDS_MS = 100

/** The processes in a worker's document. */
const Document = z.object({ processes: z.array(ProcessIdentity) })

/**
 * Follows the console's orders until its pipe ends, then ends the recorded processes and resolves.
 * Also ends the processes in a recorded worker's document in the folder `documents`, because a
 * browser that loses its worker while stopped does not notice.
 */
export async function reap(orders: Readable, documents?: string): Promise<void> {
  const recorded = new Map<number, ProcessIdentity>()
  for await (const line of createInterface({ input: orders })) {
    const order = parseCommand(line)
    if (order?.type === 'add') recorded.set(order.identity.pid, order.identity)
    if (order?.type === 'remove') recorded.delete(order.pid)
  }
  if (documents !== undefined) {
    for (const identity of namedBeside(recorded, documents)) recorded.set(identity.pid, identity)
  }
  for (let round = 0; round < ROUNDS; round++) {
    const alive = await Promise.all([...recorded.values()].map(killSameTree))
    if (!alive.includes(true)) return
    await delay(BETWEEN_ROUNDS_MS, systemClock)
  }
}

/**
 * Returns the processes in the documents of recorded workers. The folder may also contain documents
 * of a newer console's workers.
 */
function namedBeside(recorded: ReadonlyMap<number, ProcessIdentity>, folder: string): ProcessIdentity[] {
  const isRecorded = ({ pid, started }: ProcessIdentity) => recorded.get(pid)?.started === started
  try {
    return readdirSync(folder)
      .filter(name => name.endsWith('.json') && !name.startsWith('.'))
      .flatMap(name => processesIn(join(folder, name)))
      .flatMap(processes => (processes.some(isRecorded) ? processes : []))
  } catch {
    return []
  }
}

/**
 * Returns the processes in a file; none if the file cannot be read, because it was just removed or
 * is no document.
 */
function processesIn(path: string): ProcessIdentity[][] {
  try {
    return [Document.parse(JSON.parse(readFileSync(path, 'utf8'))).processes]
  } catch {
    return []
  }
}
