import type { Catalogue } from '../lib/locales/en.ts'
import { jobsWaiting } from '../lib/app/port/snapshot.ts'
import type { StoreCalls } from '../lib/app/project/with-store.ts'

/**
 * Maximum number of parked jobs that a message names. The list of failed and parked jobs has the
 * others.
 */
const MOST_NAMED = 10

/** Unfinished jobs that remain when a scheduler has nothing more to do. */
export interface LeftJobs {
  /** Ids of parked jobs, at most MOST_NAMED. */
  readonly parked: readonly number[]
  readonly parkedCount: number
  /** Number of queued jobs, which wait for a parked job or for their workflow. */
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
 * Returns the lines that report the remaining jobs, and the workflows in `missing`, for which some
 * of these jobs wait.
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
