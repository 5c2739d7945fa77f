import type { AutomateError } from '../core/errors/errors.ts'
import type { InputOf, OperationName, OutputOf } from './operations/index.ts'

/**
 * Reason why a store has ended: `close()` was called, its owner has ended, or this owner has lost
 * the file.
 */
export interface StoreEnd {
  readonly reason: 'closed' | 'owner-gone' | 'lost-ownership'
  readonly error?: AutomateError
}

export type ChangeListener = (tables: readonly string[], revision: number) => void

/**
 * A client of this owner has connected or disconnected. `client` is the number of the connection;
 * `pid` is the pid that the client states.
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

/** Access to the database, whichever process owns it. All transactional data passes through it. */
export interface Store {
  /**
   * Role of this process: owner of the database (`scheduler` or `transient`), or client of the
   * owner.
   */
  readonly role: 'scheduler' | 'transient' | 'client'
  readonly owner: StoreOwner
  /**
   * Runs an operation, and resolves once its commit has been synced to the disk. A write is applied
   * only once, however often it is sent with the same `id`. To repeat a call that was rejected with
   * `store-closed`, open the store again and pass the `id` of the first call.
   * @throws `store-closed` if the store has ended.
   * @throws `input-invalid` if the input does not match the operation's schema.
   * @throws the errors of the operation.
   */
  call<N extends OperationName>(
    name: N,
    input: InputOf<N>,
    options?: { readonly id?: string },
  ): Promise<OutputOf<N>>
  /**
   * Calls `listener` after each writing commit, with the names of the written tables. With
   * `tables`, only commits that wrote one of these tables are reported. `revision` increases with
   * every commit of one owner. The subscription is in effect for all calls that are made after
   * `onChange`. Returns a function that removes the listener.
   */
  onChange(listener: ChangeListener, tables?: readonly string[]): () => void
  /**
   * Calls `listener` for every client that connects or disconnects. Never calls it on a client.
   * Returns a function that removes the listener.
   */
  onClient(listener: (event: ClientEvent) => void): () => void
  /**
   * Calls `listener` with sentences about the endpoint for the log. Never calls it on a client.
   * Returns a function that removes the listener.
   */
  onWarning(listener: (message: string) => void): () => void
  /** Resolves with the reason once the store can no longer be used. */
  readonly closed: Promise<StoreEnd>
  /**
   * Ends this side of the store. An owner first commits the waiting requests and closes the file.
   * Its clients then end with 'owner-gone'.
   */
  close(): Promise<void>
}
