import { parseArgs } from 'node:util'
import { AutomateError, messageOf } from '../../core/errors/errors.ts'

export interface WorkerArgs {
  /** Path of the worker's launch document. */
  readonly launch: string
  /**
   * True if a parent starts the worker and holds the other end of the channel. If there is no such
   * parent, the worker exits.
   */
  readonly supervised: boolean
}

/**
 * Parses `--launch <file> [--supervised]`.
 * @throws `usage` if there are other arguments.
 */
export function parseWorkerArgs(argv: readonly string[]): WorkerArgs {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { launch: { type: 'string' }, supervised: { type: 'boolean', default: false } },
    })
    if (values.launch !== undefined) return { launch: values.launch, supervised: values.supervised }
  } catch (error) {
    throw new AutomateError('usage', `The worker's arguments are wrong: ${messageOf(error)}`, {
      cause: error,
    })
  }
  throw new AutomateError('usage', 'The worker needs --launch <file>.')
}
