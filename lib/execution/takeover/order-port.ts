import type { InputOf, OutputOf } from '../../store/operations/index.ts'

export type OrderCall = 'worker-commands.take'

/** A connection to the store's owner, limited to the commands of people. */
export interface OrderPort {
  call<N extends OrderCall>(name: N, input: InputOf<N>): Promise<OutputOf<N>>
  /**
   * True if commands may have been given since the last call. At the first call, commands from
   * before the connection count, too.
   */
  mayHaveOrders(): boolean
  /**
   * Calls back whenever one of these tables has been written; returns a function that removes the
   * listener.
   */
  onWritten(tables: readonly 'worker_commands'[], listener: () => void): () => void
}
