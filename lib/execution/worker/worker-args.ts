import { parseArgs } from 'node:util'
import { AutomateError, messageOf } from '../../core/errors/errors.ts'

export interface WorkerArgs {
  /** The file of the worker's launch document. */
  readonly launch: string
  /** A parent holds the other end of the channel; without it the worker leaves. */
  readonly supervised: boolean
}

/** `--launch <file> [--supervised]`. Thrown with code `usage` for anything else. */
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
