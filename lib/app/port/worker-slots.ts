import type { SchedulerDocument, WorkerDocument } from '../../model/worker/documents.ts'

/** True if the worker has a job that it has not finished. */
export const isBusy = ({ state, job }: WorkerDocument): boolean =>
  state !== 'exited' && state !== 'kept' && job !== null

/** True if the worker occupies a slot, because it has an unfinished job or holds a browser open. */
export const occupiesSlot = (worker: WorkerDocument): boolean => isBusy(worker) || worker.state === 'kept'

/**
 * Returns the number of slots in use. Counts active workers, including workers that are still
 * starting, and held browsers.
 */
export const usedSlots = (
  { active }: Pick<SchedulerDocument, 'active'>,
  workers: readonly WorkerDocument[],
): number => active + workers.filter(({ state }) => state === 'kept').length
