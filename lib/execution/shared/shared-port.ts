import type { InputOf, OutputOf } from '../../store/operations/index.ts'

/** Store operations of shared values. */
export type SharedCall =
  'counters.increment' | 'counters.read' | 'shared.read' | 'shared.write' | 'shared.list'

export interface SharedPort {
  call<N extends SharedCall>(name: N, input: InputOf<N>): Promise<OutputOf<N>>
}

/**
 * Returns the shared values of the store. Calls `connect` at the first operation, so that a worker
 * without shared values does not wait for the connection.
 */
export function deferredShared(connect: () => Promise<SharedPort>): SharedPort {
  return { call: async (name, input) => (await connect()).call(name, input) }
}
