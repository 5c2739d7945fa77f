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
 * Maximum number of rounds in which processes are killed. A killed process normally exits within
 * milliseconds, but a process that hangs in the kernel (a dead network drive) may never exit.
 */
const ROUNDS = 50
const BETWEEN_ROUNDS_MS = 100

/** The processes in a worker's document. */
const Document = z.object({ processes: z.array(ProcessIdentity) })

/**
 * Records processes by the console's commands until its pipe closes, then kills the recorded
 * processes and resolves. `documents` is the folder of the workers' documents. The processes that
 * the document of a recorded worker lists are killed too, because a browser that is stopped
 * (SIGSTOP) does not notice the loss of its worker.
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
 * Returns the processes that the documents of recorded workers list. The documents of other workers
 * are ignored, because the folder may already contain those of a newer console.
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
 * Returns the processes that a document lists; none if the file cannot be read, because it was just
 * removed or is not a document.
 */
function processesIn(path: string): ProcessIdentity[][] {
  try {
    return [Document.parse(JSON.parse(readFileSync(path, 'utf8'))).processes]
  } catch {
    return []
  }
}
