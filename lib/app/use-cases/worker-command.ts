import { AutomateError } from '../../core/errors/errors.ts'
import { seal } from '../../core/seal.ts'
import { MAX_TYPED_BYTES } from '../../model/worker/worker-command.ts'
import type { WorkerCommand } from '../../model/worker/worker-command.ts'
import { userKey } from '../../files/user-key.ts'
import type { InputPlace, WorkerOperatorCommand } from '../port/snapshot.ts'

/**
 * Time for which a request for pictures is valid. The console repeats its request every few
 * seconds, so the pictures end soon after the console does.
 */
const LOOK_MS = 10_000

/**
 * Encrypts a typed text so that only one worker can read it.
 * @throws `usage` if the text is too long for one command.
 */
export function sealTyped(text: string, workerId: string): string {
  const bytes = Buffer.byteLength(text)
  if (bytes <= MAX_TYPED_BYTES) return seal(text, userKey(), workerId)
  throw new AutomateError(
    'usage',
    `The typed text has ${bytes} bytes, but a worker accepts at most ${MAX_TYPED_BYTES} at once. Nothing was sent. Send the text in parts.`,
  )
}

const placeOf = ({ waitingId, page }: InputPlace): InputPlace => ({ waitingId, page })

/** Returns the worker's command for a command of the console. Typed text is encrypted. */
export function workerOrder(command: WorkerOperatorCommand, now: number): WorkerCommand {
  switch (command.type) {
    case 'worker.pause':
      return { type: 'pause' }
    case 'worker.close':
      return { type: 'close' }
    case 'worker.answer': {
      const { workerId, waitingId, answer, reason, told } = command
      const sealed = told === undefined ? {} : { sealed: sealTyped(JSON.stringify(told), workerId) }
      return { type: 'answer', waitingId, answer, reason, ...sealed }
    }
    case 'worker.look': {
      const { columns, rows } = command
      return { type: 'look', untilAt: now + LOOK_MS, columns, rows }
    }
    case 'worker.click':
      return { ...placeOf(command), type: 'click', x: command.x, y: command.y, unit: 'share' }
    case 'worker.key':
      return { ...placeOf(command), type: 'key', key: command.key }
    case 'worker.text': {
      const { text, workerId } = command
      return { ...placeOf(command), type: 'text', sealed: sealTyped(text, workerId) }
    }
  }
}
