import type { InputOf, OutputOf } from '../../store/operations/index.ts'

/** What a worker asks of the store for its login. */
export type SessionCall =
  'sessions.acquire' | 'sessions.read' | 'sessions.save' | 'sessions.discard' | 'sessions.release'

/** A connection to the store's owner, as narrow as a login needs it. */
export interface SessionPort {
  call<N extends SessionCall>(name: N, input: InputOf<N>): Promise<OutputOf<N>>
  /** Calls back whenever one of these tables has been written; returns a function that ends it. */
  onWritten(tables: readonly ('sessions' | 'jobs')[], listener: () => void): () => void
}
