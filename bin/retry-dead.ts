import type { OutputOf } from '../lib/store/operations/index.ts'
import type { StoreCalls } from './with-store.ts'

/** What became of the dead jobs: `refused` are those whose unique key another job has now. */
export interface RetriedJobs {
  readonly queued: readonly number[]
  readonly refused: readonly number[]
}

/** Queues all dead jobs again, or those of one workflow, a batch at a time: others are served in between. */
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
