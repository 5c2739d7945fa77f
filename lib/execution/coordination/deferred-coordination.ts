import type { Coordination } from './coordination.ts'

/** Coordination through a connection that is still being made: phases begin without it, and what they ask of it waits. Its failure is the failure of what was asked. */
export function deferredCoordination(connecting: Promise<Coordination>): Coordination {
  // A worker that never asks does not care.
  connecting.catch(() => undefined)
  return {
    once: async (key, fn, limits) => (await connecting).once(key, fn, limits),
    offer: async result => (await connecting).offer(result),
  }
}
