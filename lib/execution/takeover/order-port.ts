import type { InputOf, OutputOf } from '../../store/operations/index.ts'

export type OrderCall = 'worker-commands.take'

/** A connection to the store's owner, as narrow as orders need it. */
export interface OrderPort {
  call<N extends OrderCall>(name: N, input: InputOf<N>): Promise<OutputOf<N>>
  /** Whether orders may have been given since this was last asked; at first, since before the connection was there. */
  mayHaveOrders(): boolean
  /** Calls back whenever one of these tables has been written; returns a function that ends it. */
  onWritten(tables: readonly 'worker_commands'[], listener: () => void): () => void
}
