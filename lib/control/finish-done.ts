import { errorCode, errorToRecord } from '../core/errors.ts'
import type { Json } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { JobSummary } from '../domain/job.ts'
import type { Store } from '../store/store.ts'

/** More jobs than ever run at once. */
const ALL = 1_000

/**
 * Ends, as succeeded, the jobs whose work was done when their scheduler ended and that it did not live to settle: a result meets the target, or every worker has succeeded.
 * Run again, they would do in the world what is done already. How the workers ended is in the store by then.
 */
export async function finishDone(store: Store, log: Log): Promise<void> {
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
  // Whoever asked for it to be cancelled would not expect it to succeed.
  if ((await store.call('jobs.read', { id }))?.cancelRequestedAt !== null) return undefined
  const members = (await store.call('members.list', { jobId: id })).filter(one => one.attempt === attempt)
  const results = members.flatMap(({ outcome }) => (outcome.status === 'succeeded' ? [outcome] : []))
  const [first] = results
  if (first === undefined || results.length < (members[0]?.members ?? Infinity)) return undefined
  return { result: best?.result ?? first.result }
}
