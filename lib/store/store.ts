import type { AutomateError } from '../core/errors/errors.ts'
import type { InputOf, OperationName, OutputOf } from './operations/index.ts'

/**
 * Why a store is closed: by its own `close()`, because its owner ended, or because this owner lost
 * the file.
 */
export interface StoreEnd {
  readonly reason: 'closed' | 'owner-gone' | 'lost-ownership'
  readonly error?: AutomateError
}

export type ChangeListener = (tables: readonly string[], revision: number) => void

/**
 * A client of this owner came or went. `client` numbers connections; `pid` is what it said of
 * itself.
 */
export interface ClientEvent {
  readonly client: number
  readonly pid: number
  readonly connected: boolean
}

/** The process that owns a database, and when it took it. */
export interface StoreOwner {
  readonly pid: number
  readonly since: number
}

/** The database, whoever owns it: everything transactional goes through here. */
export interface Store {
  /** What this process is to the database: its owner (with a role), or a client of the owner. */
  readonly role: 'scheduler' | 'transient' | 'client'
  readonly owner: StoreOwner
  /**
   * Runs an operation; resolves after its commit was synced. A write is applied once however often
   * it is sent with the same `id`: to repeat a call that was rejected with `store-closed`, open the
   * store again and give the id of the first try. Thrown: `store-closed`, `input-invalid`, and what
   * the operation throws.
   */
  call<N extends OperationName>(
    name: N,
    input: InputOf<N>,
    options?: { readonly id?: string },
  ): Promise<OutputOf<N>>
  /**
   * Calls `listener` after each commit that wrote, with the tables it wrote; with `tables` only
   * when it wrote one of these. `revision` rises with every commit of one owner. What is called
   * afterwards is answered by a store that already listens. The returned function forgets the
   * listener.
   */
  onChange(listener: ChangeListener, tables?: readonly string[]): () => void
  /**
   * Calls `listener` for every client that comes or goes; never on a client. The returned function
   * forgets it.
   */
  onClient(listener: (event: ClientEvent) => void): () => void
  /**
   * Calls `listener` with sentences for the log: what happened to the endpoint. Never on a client.
   * The returned function removes the listener.
   */
  onWarning(listener: (message: string) => void): () => void
  /** Resolves once, when the store is no longer usable. */
  readonly closed: Promise<StoreEnd>
  /**
   * Ends this side. An owner first commits what waits and closes the file; its clients see
   * 'owner-gone'.
   */
  close(): Promise<void>
}
