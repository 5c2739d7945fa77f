import { seal } from '../lib/core/seal.ts'
import type { WorkerOrder } from '../lib/domain/worker-order.ts'
import { userKey } from '../lib/files/user-key.ts'
import type { WorkerCommand } from '../screens/snapshot.ts'

/** The console says every few seconds that somebody looks: one that has gone is believed for so long. */
const LOOK_MS = 10_000

/** A command of the console as the worker takes it. What was typed is sealed on its way. */
export function workerOrder(command: WorkerCommand, now: number): WorkerOrder {
  switch (command.type) {
    case 'worker.pause':
      return { type: 'pause' }
    case 'worker.close':
      return { type: 'close' }
    case 'worker.answer': {
      const { workerId, waitingId, answer, reason, told } = command
      const sealed = told === undefined ? {} : { sealed: seal(JSON.stringify(told), userKey(), workerId) }
      return { type: 'answer', waitingId, answer, reason, ...sealed }
    }
    case 'worker.look': {
      const { columns, rows } = command
      return { type: 'look', untilAt: now + LOOK_MS, columns, rows }
    }
    case 'worker.click':
      return { type: 'click', x: command.x, y: command.y, unit: 'share', page: command.page }
    case 'worker.key':
      return { type: 'key', key: command.key, page: command.page }
    case 'worker.text': {
      const { text, workerId, page } = command
      return { type: 'text', sealed: seal(text, userKey(), workerId), page }
    }
  }
}
