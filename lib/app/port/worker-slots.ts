import type { SchedulerDocument, WorkerDocument } from '../../model/worker/documents.ts'

/** Tells whether a worker has a job that it has not ended. */
export const isBusy = ({ state, job }: WorkerDocument): boolean =>
  state !== 'exited' && state !== 'kept' && job !== null

/** Tells whether it stands in the place of another worker: at work, or with a browser that is open to be looked at. */
export const occupiesSlot = (worker: WorkerDocument): boolean => isBusy(worker) || worker.state === 'kept'

/** How many slots of a scheduler are taken: by the workers that it has at work, also by those that have not said so yet, and by the browsers that are open to be looked at. */
export const usedSlots = (
  { active }: Pick<SchedulerDocument, 'active'>,
  workers: readonly WorkerDocument[],
): number => active + workers.filter(({ state }) => state === 'kept').length
