import type { OrderCall, OrderPort } from '../takeover/order-port.ts'
import type { SharedCall } from '../shared/shared-port.ts'
import type { SessionCall, SessionPort } from '../session/session-port.ts'
import type { DomainCall } from './domain-port.ts'
import type { InputOf, OutputOf } from '../../store/operations/index.ts'

/** What the workers of a job ask of the store to meet. */
export type CoordinationCall =
  | 'offers.best'
  | 'offers.submit'
  | 'discoveries.look'
  | 'discoveries.acquire'
  | 'discoveries.renew'
  | 'discoveries.complete'
  | 'discoveries.fail'
  | 'discoveries.release'

/** What a worker asks of the store: exactly these operations. */
export type WorkerCall = CoordinationCall | DomainCall | SessionCall | OrderCall | SharedCall

/** Whose changes a worker waits for. */
type WorkerTable = 'discoveries' | 'jobs' | 'sessions' | 'worker_commands'

/** The best result of a job so far. `version` rises with each better one. */
export type BestOffer = NonNullable<OutputOf<'offers.best'>>

/** A connection to the store's owner, as narrow as a worker needs it. */
export interface StorePort {
  call<N extends CoordinationCall>(name: N, input: InputOf<N>): Promise<OutputOf<N>>
  /** Calls back whenever one of these tables has been written; returns a function that ends it. */
  onWritten(tables: readonly 'discoveries'[], listener: () => void): () => void
  /** Calls back once when the connection is lost: the owner is gone, and its jobs will be resumed by another. */
  onLost(listener: () => void): () => void
  close(): Promise<void>
}

/** The whole of a worker's connection. */
export interface WorkerStore extends StorePort, OrderPort, SessionPort {
  onWritten(tables: readonly WorkerTable[], listener: () => void): () => void
  call<N extends WorkerCall>(name: N, input: InputOf<N>): Promise<OutputOf<N>>
}
