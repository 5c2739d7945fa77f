import type { InputOf, OutputOf } from '../../store/operations/index.ts'

/** What shared values ask of the store. */
export type SharedCall =
  'counters.increment' | 'counters.read' | 'shared.read' | 'shared.write' | 'shared.list'

export interface SharedPort {
  call<N extends SharedCall>(name: N, input: InputOf<N>): Promise<OutputOf<N>>
}

/** Shared values of the store that `connect` gives: asked for with the first question, so that who shares nothing waits for nothing. */
export function deferredShared(connect: () => Promise<SharedPort>): SharedPort {
  return { call: async (name, input) => (await connect()).call(name, input) }
}
