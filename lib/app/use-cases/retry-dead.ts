import type { Catalogue } from '../../locales/en.ts'
import type { OutputOf } from '../../store/operations/index.ts'
import type { CommandResult } from '../port/snapshot.ts'
import type { StoreCalls } from '../project/with-store.ts'

/**
 * Ids of the dead jobs that were queued again, and of those that were refused because another job
 * now has their unique key.
 */
export interface RetriedJobs {
  readonly queued: readonly number[]
  readonly refused: readonly number[]
}

/**
 * Queues all dead jobs again, or those of one workflow. Works in batches, so that other callers of
 * the store are served in between.
 */
export async function retryDeadJobs(store: StoreCalls, workflow?: string): Promise<RetriedJobs> {
  const queued: number[] = []
  const refused: number[] = []
  for (let afterId: number | null = 0; afterId !== null;) {
    const batch: OutputOf<'jobs.retry-dead'> = await store.call('jobs.retry-dead', {
      afterId,
      ...(workflow === undefined ? {} : { workflow }),
    })
    queued.push(...batch.queued)
    refused.push(...batch.refused)
    afterId = batch.lastId
  }
  return { queued, refused }
}

/** Maximum number of jobs that a message names, so that it fits on one line. */
const NAMED_JOBS = 5

/** Queues all dead jobs again for the console. The message names some of the refused jobs. */
export async function retryDeadAll(store: StoreCalls, { commands }: Catalogue): Promise<CommandResult> {
  const { queued, refused } = await retryDeadJobs(store)
  if (refused.length === 0) return { ok: true }
  const named = refused.slice(0, NAMED_JOBS).join(', ') + (refused.length > NAMED_JOBS ? ', …' : '')
  return { ok: false, message: `${commands.deadQueuedAgain(queued.length)} ${commands.keyTaken(named)}` }
}
