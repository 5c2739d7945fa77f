import type { WorkerDocument } from '../lib/domain/documents.ts'

/** Tells whether a worker has a job that it has not ended. */
export const isAtWork = ({ state, job }: WorkerDocument): boolean =>
  state !== 'exited' && state !== 'kept' && job !== null

/** Tells whether it stands in the place of another worker: at work, or with a browser that is open to be looked at. */
export const takesSlot = (worker: WorkerDocument): boolean => isAtWork(worker) || worker.state === 'kept'
