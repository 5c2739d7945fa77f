import { errorCode, errorToRecord } from '../../../core/errors/errors.ts'
import type { Json } from '../../../core/errors/errors.ts'
import type { Log } from '../../../core/log.ts'
import type { JobSummary } from '../../../model/job/job.ts'
import type { Store } from '../../../store/store.ts'
import type { EndedAttempt } from '../../decide/attempt-view.ts'
import { settle } from '../../decide/settle.ts'

/** More jobs than ever run at once. */
const ALL = 1_000

/**
 * Ends, as succeeded, the jobs whose work was done when their scheduler ended and that it did not live to settle: a
 * result meets the target, or all workers have ended and the attempt settles as a success, since enough of them
 * succeeded or its deadline had come. Run again, they would do in the world what is done already. How the workers
 * ended is in the store by then.
 */
export async function finishCompleted(store: Store, log: Log): Promise<void> {
  for (const job of await store.call('jobs.list', { states: ['running'], limit: ALL })) {
    const { id, attempt, workflow } = job
    let done: { result: Json } | undefined
    try {
      done = await resultOf(store, job)
    } catch (thrown) {
      if (errorCode(thrown) !== 'document-invalid') throw thrown
      // Its work may be done, so it is not run again.
      const error = errorToRecord(thrown)
      await store.call('jobs.finish', { id, attempt, state: 'failed', error, report: true })
      log.error(`Job ${id} (${workflow}) failed: ${error.message}`, { jobId: id })
    }
    if (done === undefined) continue
    await store.call('jobs.finish', { id, attempt, state: 'succeeded', result: done.result })
    log.info(`Job ${id} (${workflow}) had succeeded when the last scheduler ended.`, { jobId: id })
  }
}

async function resultOf(store: Store, { id, attempt }: JobSummary): Promise<{ result: Json } | undefined> {
  const best = await store.call('offers.best', { jobId: id })
  if (best?.targetMet === true) return best
  const job = await store.call('jobs.read', { id })
  const members = (await store.call('members.list', { jobId: id })).filter(one => one.attempt === attempt)
  const ended = new Set(members.map(({ member }) => member)).size
  if (job === null || ended === 0 || members.some(one => ended < one.members)) return undefined
  const { quorum } = await store.call('jobs.quorum', { id })
  const run: EndedAttempt = {
    ...{ job, members, best, cancelRequested: job.cancelRequestedAt !== null },
    // Not known of an attempt that an older version claimed.
    quorum: quorum ?? members.length,
    ...{ refusal: null, deadlineMs: null, proxies: null },
  }
  // An attempt that was no success is left to the queue, so when it would be tried again does not matter.
  const settlement = settle(run, 0, 0)
  return settlement.state === 'succeeded' ? settlement : undefined
}
