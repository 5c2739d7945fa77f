import type { ErrorRecord, Json } from '../../core/errors.ts'

/** The best result of a job so far. `version` rises with each better one. */
export interface BestOffer {
  readonly version: number
  readonly result: Json
  readonly targetMet: boolean
  readonly member: number
}

interface DiscoveryRef {
  readonly jobId: number
  readonly attempt: number
  readonly key: string
}

/** What a worker asks of the store: exactly these operations. */
export interface CoordinationCalls {
  'offers.best': { input: { readonly jobId: number }; output: BestOffer | null }
  'offers.submit': {
    input: {
      readonly jobId: number
      readonly attempt: number
      readonly member: number
      readonly workerId: string
      /** The version this offer is better than; 0 when there was none. */
      readonly seenVersion: number
      readonly result: Json
      readonly targetMet: boolean
    }
    output:
      | { readonly status: 'accepted'; readonly version: number }
      | { readonly status: 'stale'; readonly best: BestOffer }
      | { readonly status: 'fenced' }
  }
  'discoveries.acquire': {
    input: DiscoveryRef & { readonly workerId: string; readonly leaseMs: number }
    output:
      | { readonly status: 'held'; readonly fence: number }
      | { readonly status: 'done'; readonly value: Json }
      | { readonly status: 'failed'; readonly error: ErrorRecord }
      | { readonly status: 'waiting' }
  }
  'discoveries.complete': {
    input: DiscoveryRef & { readonly fence: number; readonly value: Json }
    output: { readonly applied: boolean }
  }
  'discoveries.fail': {
    input: DiscoveryRef & { readonly fence: number; readonly error: ErrorRecord }
    output: { readonly applied: boolean }
  }
}

/** A connection to the store's owner, as narrow as a worker needs it. */
export interface StorePort {
  call<N extends keyof CoordinationCalls>(
    name: N,
    input: CoordinationCalls[N]['input'],
  ): Promise<CoordinationCalls[N]['output']>
  /** Calls back whenever the store has changed; returns a function that ends it. */
  onChange(listener: () => void): () => void
  /** Calls back once when the connection is lost: the owner is gone, and its jobs will be resumed by another. */
  onLost(listener: () => void): () => void
  close(): Promise<void>
}
