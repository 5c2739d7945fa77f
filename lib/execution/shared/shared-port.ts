import type { InputOf, OutputOf } from '../../store/operations/index.ts'

/** What shared values ask of the store. */
export type SharedCall =
  'counters.increment' | 'counters.read' | 'shared.read' | 'shared.write' | 'shared.list'

export interface SharedPort {
  call<N extends SharedCall>(name: N, input: InputOf<N>): Promise<OutputOf<N>>
}
