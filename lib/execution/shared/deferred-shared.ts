import type { SharedPort } from './shared-port.ts'

/** Shared values of the store that `connect` gives: asked for with the first question, so that who shares nothing waits for nothing. */
export function deferredShared(connect: () => Promise<SharedPort>): SharedPort {
  return { call: async (name, input) => (await connect()).call(name, input) }
}
