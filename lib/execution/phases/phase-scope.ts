import { AsyncLocalStorage } from 'node:async_hooks'
import { AutomateError } from '../../core/errors/errors.ts'
import type { WorkerLog } from '../worker/worker-log.ts'

/**
 * Marks all work that a phase starts. An uncaught error can then be attributed to the phase, even
 * while a later job runs, and a call of a page to its job.
 */
export interface PhaseScope {
  readonly name: string
  /** The log of the phase's job. */
  readonly log: WorkerLog
  readonly ended: () => boolean
  /** True once its job has ended, if the page of the job may belong to another job then. */
  readonly hasLostPage: () => boolean
  /** Fails the phase. */
  readonly fail: (error: unknown) => void
}

const storage = new AsyncLocalStorage<PhaseScope | undefined>()

export function runInPhase<T>(scope: PhaseScope, body: () => T): T {
  return storage.run(scope, body)
}

/** Runs work of the worker that outlasts the phase of the running code. */
export function runOutsidePhases<T>(body: () => T): T {
  return storage.run(undefined, body)
}

/**
 * Refuses a call of a page to code that goes on after its job, such as a timer.
 * @throws `cancelled` if the page may belong to another job.
 */
export function requireOwnPage(): void {
  if (currentPhase()?.hasLostPage() !== true) return
  throw new AutomateError('cancelled', 'The job of this code has ended, so the code has no page any more.')
}

/** Returns the phase that started the running code; undefined outside of phases. */
export function currentPhase(): PhaseScope | undefined {
  return storage.getStore()
}
