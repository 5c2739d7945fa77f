import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * Marks all work that a phase starts, so that an unhandled rejection can be attributed to the
 * phase.
 */
export interface PhaseScope {
  readonly name: string
  readonly ended: () => boolean
  /** Fails the phase. */
  readonly fail: (error: unknown) => void
}

const storage = new AsyncLocalStorage<PhaseScope>()

export function runInPhase<T>(scope: PhaseScope, body: () => T): T {
  return storage.run(scope, body)
}

/** Returns the phase of the running code. */
export function currentPhase(): PhaseScope | undefined {
  return storage.getStore()
}
