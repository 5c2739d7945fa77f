import type { OrderCall, OrderPort } from '../takeover/order-port.ts'
import type { SharedCall } from '../shared/shared-port.ts'
import type { SessionCall, SessionPort } from '../session/session-port.ts'
import type { DomainCall } from './domain-port.ts'
import type { InputOf, OutputOf } from '../../store/operations/index.ts'

/** Store operations by which the workers of a job coordinate. */
export type CoordinationCall =
  | 'offers.best'
  | 'offers.submit'
  | 'discoveries.look'
  | 'discoveries.acquire'
  | 'discoveries.renew'
  | 'discoveries.complete'
  | 'discoveries.fail'
  | 'discoveries.yield'

/** All store operations of a worker. */
export type WorkerCall = CoordinationCall | DomainCall | SessionCall | OrderCall | SharedCall

/** Tables for whose changes a worker waits. */
type WorkerTable = 'discoveries' | 'jobs' | 'sessions' | 'worker_commands'

/** The best result of a job so far. `version` rises with each better one. */
export type BestOffer = NonNullable<OutputOf<'offers.best'>>

/** A connection to the store's owner, limited to a worker's coordination. */
export interface StorePort {
  call<N extends CoordinationCall>(name: N, input: InputOf<N>): Promise<OutputOf<N>>
  /**
   * Calls back whenever one of these tables has been written; returns a function that removes the
   * listener.
   */
  onWritten(tables: readonly 'discoveries'[], listener: () => void): () => void
  /**
   * Calls back once when the connection is lost, because the owner has ended. Another owner will
   * resume its jobs.
   */
  onLost(listener: () => void): () => void
  close(): Promise<void>
}

/** A worker's whole connection. */
export interface WorkerStore extends StorePort, OrderPort, SessionPort {
  onWritten(tables: readonly WorkerTable[], listener: () => void): () => void
  call<N extends WorkerCall>(name: N, input: InputOf<N>): Promise<OutputOf<N>>
}
