import type { AutomateError } from '../core/errors/errors.ts'
import type { InputOf, OperationName, OutputOf } from './operations/index.ts'

/**
 * Reason for the end of a store: its own `close()`, the end of its owner, or the loss of the file
 * by this owner.
 */
export interface StoreEnd {
  readonly reason: 'closed' | 'owner-gone' | 'lost-ownership'
  readonly error?: AutomateError
}

export type ChangeListener = (tables: readonly string[], revision: number) => void

/**
 * Connection or disconnection of a client of this owner. `client` numbers connections; `pid` is the
 * client's own statement.
 */
export interface ClientEvent {
  readonly client: number
  readonly pid: number
  readonly connected: boolean
}

/** Process that owns a database, and the start of its ownership. */
export interface StoreOwner {
  readonly pid: number
  readonly since: number
}

/** The database, whichever process owns it. Everything transactional passes through it. */
export interface Store {
  /** Role of this process: owner (`scheduler` or `transient`), or client of the owner. */
  readonly role: 'scheduler' | 'transient' | 'client'
  readonly owner: StoreOwner
  /**
   * Runs an operation, and resolves after its commit was synced. A write is applied once, however
   * often it is sent with the same `id`. To repeat a call that was rejected with `store-closed`,
   * open the store again and pass the id of the first try.
   * @throws `store-closed`, `input-invalid`, and the errors of the operation.
   */
  call<N extends OperationName>(
    name: N,
    input: InputOf<N>,
    options?: { readonly id?: string },
  ): Promise<OutputOf<N>>
  /**
   * Calls `listener` after each commit that wrote, with the written tables; with `tables` only for
   * commits that wrote one of these. `revision` rises with every commit of one owner. Calls made
   * after `onChange` are processed after the subscription. The returned function removes the
   * listener.
   */
  onChange(listener: ChangeListener, tables?: readonly string[]): () => void
  /**
   * Calls `listener` for every client that connects or disconnects; never on a client. The returned
   * function removes the listener.
   */
  onClient(listener: (event: ClientEvent) => void): () => void
  /**
   * Calls `listener` with sentences for the log about the endpoint; never on a client. The returned
   * function removes the listener.
   */
  onWarning(listener: (message: string) => void): () => void
  /** Resolves once the store is no longer usable. */
  readonly closed: Promise<StoreEnd>
  /**
   * Ends this side. An owner first commits the waiting requests and closes the file. Its clients
   * end with 'owner-gone'.
   */
  close(): Promise<void>
}
