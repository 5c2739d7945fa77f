import { AutomateError, errorCode, errorToRecord, messageOf } from '../../../core/errors/errors.ts'
import type { Log } from '../../../core/log.ts'
import type { Job } from '../../../model/job/job.ts'
import type { OutputOf } from '../../../store/operations/index.ts'
import type { Store } from '../../../store/store.ts'
import type { Settlement } from '../../decide/settle.ts'

/**
 * Ends an attempt in the store. If the store rejects the settlement as invalid, ends the job as
 * failed. Each retry would be rejected too, and the job would run forever without a worker. If
 * `report` is true, the store also makes a crash report of the error, because no worker has written
 * one.
 * @throws every other error of the store, because a retry may succeed.
 */
export async function storeSettlement(
  store: Store,
  log: Log,
  { id, attempt }: Pick<Job, 'id' | 'attempt'>,
  settlement: Settlement,
  report: boolean,
): Promise<OutputOf<'jobs.finish'>> {
  try {
    return await store.call('jobs.finish', { id, attempt, ...settlement, report })
  } catch (thrown) {
    if (errorCode(thrown) !== 'input-invalid') throw thrown
    const message = `The end of job ${id} (${settlement.state}) could not be stored: ${messageOf(thrown)}`
    log.error(message, { jobId: id })
    const error = errorToRecord(new AutomateError('bug', message, { cause: thrown }))
    return store.call('jobs.finish', { id, attempt, state: 'failed', error, report: true })
  }
}
