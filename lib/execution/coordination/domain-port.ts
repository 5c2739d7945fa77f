import type { InputOf, OutputOf } from '../../store/operations/index.ts'

export type DomainCall = 'domains.pause'

/** A connection to the store's owner, limited to the report that a domain refuses requests. */
export interface DomainPort {
  call<N extends DomainCall>(name: N, input: InputOf<N>): Promise<OutputOf<N>>
}
