import type { OrderCall, OrderPort } from '../takeover/order-port.ts'
import type { SharedCall } from '../shared/shared-port.ts'
import type { SessionCall } from '../session/session-port.ts'
import type { DomainCall } from './domain-port.ts'
import type { InputOf, OutputOf } from '../../store/operations/index.ts'

/** What the workers of a job ask of the store to meet. */
export type CoordinationCall =
  | 'offers.best'
  | 'offers.submit'
  | 'discoveries.look'
  | 'discoveries.acquire'
  | 'discoveries.complete'
  | 'discoveries.fail'
  | 'discoveries.release'

/** What a worker asks of the store: exactly these operations. */
export type WorkerCall = CoordinationCall | DomainCall | SessionCall | OrderCall | SharedCall

/** The best result of a job so far. `version` rises with each better one. */
export type BestOffer = NonNullable<OutputOf<'offers.best'>>

/** A connection to the store's owner, as narrow as a worker needs it. */
export interface StorePort {
  call<N extends CoordinationCall>(name: N, input: InputOf<N>): Promise<OutputOf<N>>
  /** Calls back whenever a table has been written; returns a function that ends it. */
  onWritten(table: 'discoveries', listener: () => void): () => void
  /** Calls back once when the connection is lost: the owner is gone, and its jobs will be resumed by another. */
  onLost(listener: () => void): () => void
  close(): Promise<void>
}

/** The whole of a worker's connection. */
export interface WorkerStore extends StorePort, OrderPort {
  /** Calls back whenever the store has changed; returns a function that ends it. */
  onChange(listener: () => void): () => void
  onWritten(table: 'discoveries' | 'worker_orders', listener: () => void): () => void
  call<N extends WorkerCall>(name: N, input: InputOf<N>): Promise<OutputOf<N>>
}
