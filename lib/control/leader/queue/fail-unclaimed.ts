import { errorToRecord } from '../../../core/errors/errors.ts'
import type { Log } from '../../../core/log.ts'
import type { Store } from '../../../store/store.ts'

/**
 * Fails a job whose claim failed, if no later turn could start it. This is the case if its row
 * cannot be read, or if the claim was committed but its reply was lost.
 * @throws `thrown`, the error of the claim, if a later turn can start the job.
 */
export async function failUnclaimed(store: Store, log: Log, id: number, thrown: unknown): Promise<void> {
  const error = errorToRecord(thrown)
  const unreadable = error.code === 'document-invalid'
  const { failed } = await store.call('jobs.failUnclaimed', { id, error, unreadable })
  if (!failed) throw thrown
  log.error(`Job ${id} failed, because it could not be claimed: ${error.message}`, { jobId: id })
}
