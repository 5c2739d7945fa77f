import { parseArgs } from 'node:util'
import { AutomateError, messageOf } from '../core/errors.ts'

export interface WorkerArgs {
  readonly assignment: string
  /** A parent holds the other end of the channel; without it the worker leaves. */
  readonly supervised: boolean
}

/** `--assignment <file> [--supervised]`. Thrown with code `usage` for anything else. */
export function parseWorkerArgs(argv: readonly string[]): WorkerArgs {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { assignment: { type: 'string' }, supervised: { type: 'boolean', default: false } },
    })
    if (values.assignment !== undefined) {
      return { assignment: values.assignment, supervised: values.supervised }
    }
  } catch (error) {
    throw new AutomateError('usage', `The worker's arguments are wrong: ${messageOf(error)}`, {
      cause: error,
    })
  }
  throw new AutomateError('usage', 'The worker needs --assignment <file>.')
}
