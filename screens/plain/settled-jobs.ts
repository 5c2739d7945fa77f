import type { JobState, JobSummary } from '../../lib/domain/job.ts'
import type { Store } from '../../lib/store/store.ts'
import type { Snapshot } from '../snapshot.ts'
import { RECENT_JOBS } from '../source/recent-jobs.ts'

const SETTLED = [
  'succeeded',
  'failed',
  'cancelled',
  'parked',
  'retrying',
  'interrupted',
] as const satisfies readonly JobState[]

/**
 * Returns the snapshot with every job that has ended or stopped since the snapshot before. The snapshot alone lists the newest changes only, and one commit can
 * change more jobs, such as those that wait for a failed one.
 */
export async function withSettledJobs(
  store: Pick<Store, 'call'>,
  before: Snapshot,
  after: Snapshot,
): Promise<Snapshot> {
  if (after.jobsSeq - before.jobsSeq <= RECENT_JOBS) return after
  const settled: JobSummary[] = []
  let next: number | null = before.jobsSeq
  while (next !== null) {
    const page: { jobs: JobSummary[]; next: number | null } = await store.call('jobs.changed', {
      ...{ after: next, upTo: after.jobsSeq, states: [...SETTLED] },
    })
    settled.push(...page.jobs)
    next = page.next
  }
  const listed = new Set(after.jobs.map(({ id }) => id))
  const unlisted = settled.filter(({ id }) => !listed.has(id)).reverse()
  return { ...after, jobs: [...after.jobs, ...unlisted] }
}
