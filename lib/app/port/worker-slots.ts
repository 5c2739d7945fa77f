import type { SchedulerDocument, WorkerDocument } from '../../model/worker/documents.ts'

/** True if a worker has a job that it has not ended. */
export const isBusy = ({ state, job }: WorkerDocument): boolean =>
  state !== 'exited' && state !== 'kept' && job !== null

/** True if a worker takes a slot: it has a job, or its browser is held. */
export const occupiesSlot = (worker: WorkerDocument): boolean => isBusy(worker) || worker.state === 'kept'

/**
 * Returns the number of slots in use: active workers, including workers that are still starting,
 * and held browsers.
 */
export const usedSlots = (
  { active }: Pick<SchedulerDocument, 'active'>,
  workers: readonly WorkerDocument[],
): number => active + workers.filter(({ state }) => state === 'kept').length
