import { AsyncLocalStorage } from 'node:async_hooks'

/** Marks everything that a phase starts, so that a rejection nobody awaited is known to be this phase's. */
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

/** The phase that the running code belongs to. */
export function currentPhase(): PhaseScope | undefined {
  return storage.getStore()
}
