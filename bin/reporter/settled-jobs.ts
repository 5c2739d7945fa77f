import type { JobState, JobSummary } from '../../lib/model/job/job.ts'
import type { Store } from '../../lib/store/store.ts'
import type { Snapshot } from '../../lib/app/port/snapshot.ts'
import { RECENT_JOBS } from '../../lib/app/queries/recent-jobs.ts'

const SETTLED = [
  'succeeded',
  'failed',
  'cancelled',
  'parked',
  'retrying',
  'interrupted',
] as const satisfies readonly JobState[]

/**
 * Returns the snapshot with every job that has ended or stopped since the snapshot before, and
 * without those that did not change. The snapshot alone lists the newest changes only: one commit can
 * change more jobs, such as those that wait for a failed one, and old ends are listed again when
 * newer jobs are removed.
 */
export async function withSettledJobs(
  store: Pick<Store, 'call'>,
  before: Snapshot,
  after: Snapshot,
): Promise<Snapshot> {
  const jobs = after.jobs.filter(({ id }) => !after.resurfacedJobs.has(id))
  if (after.jobsSeq - before.jobsSeq <= RECENT_JOBS) return { ...after, jobs }
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
  return { ...after, jobs: [...jobs, ...unlisted] }
}
