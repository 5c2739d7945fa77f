import type { InputOf, OutputOf } from '../../store/operations/index.ts'

export type DomainCall = 'domains.pause'

/** A connection to the store's owner, as narrow as the refusals of domains need it. */
export interface DomainPort {
  call<N extends DomainCall>(name: N, input: InputOf<N>): Promise<OutputOf<N>>
}
