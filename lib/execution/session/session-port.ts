import type { InputOf, OutputOf } from '../../store/operations/index.ts'

/** Store operations of a worker's login. */
export type SessionCall =
  'sessions.acquire' | 'sessions.read' | 'sessions.save' | 'sessions.discard' | 'sessions.release'

/** A connection to the store's owner, limited to the needs of a login. */
export interface SessionPort {
  call<N extends SessionCall>(name: N, input: InputOf<N>): Promise<OutputOf<N>>
  /**
   * Calls back whenever one of these tables has been written; returns a function that removes the
   * listener.
   */
  onWritten(tables: readonly ('sessions' | 'jobs')[], listener: () => void): () => void
}
