import type { Catalogue } from '../lib/locales/en.ts'
import { jobsWaiting } from '../lib/app/port/snapshot.ts'
import type { StoreCalls } from '../lib/app/project/with-store.ts'

/** Most parked jobs that a message names. The list of dead jobs has the others. */
const MOST_NAMED = 10

/** Jobs that have not ended when a scheduler has nothing more to do. */
export interface LeftJobs {
  /** Parked jobs, as many as a message names. */
  readonly parked: readonly number[]
  readonly parkedCount: number
  /** Jobs that wait in the queue, for a parked job or for their workflow. */
  readonly waiting: number
}

export async function readLeftJobs(store: StoreCalls): Promise<LeftJobs> {
  const [counts, parked] = await Promise.all([
    store.call('jobs.counts', {}),
    store.call('jobs.list', { states: ['parked'], limit: MOST_NAMED }),
  ])
  return { parked: parked.map(({ id }) => id), parkedCount: counts.parked, waiting: jobsWaiting(counts) }
}

/**
 * Returns the lines about the remaining jobs, and about the workflows that some of them wait for.
 */
export function leftJobsLines(
  { parked, parkedCount, waiting }: LeftJobs,
  missing: readonly string[],
  { commands }: Catalogue,
): string[] {
  const more = parkedCount - parked.length
  return [
    ...(missing.length > 0 ? [commands.missingLeft(missing.join(', '))] : []),
    ...(parkedCount > 0 ? [commands.parkedLeft(parked.join(', '), more, waiting)] : []),
  ]
}
