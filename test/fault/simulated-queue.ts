import type { ClaimLimits } from '../../lib/control/decide/concurrency.ts'
import type { AttemptView } from '../../lib/control/decide/attempt-view.ts'
import { CLAIMABLE_STATES, PRIORITY_STEP_MS } from '../../lib/model/job/job.ts'
import type { Job, JobState, JobSummary } from '../../lib/model/job/job.ts'
import { queued } from '../helpers/builders/attempt.ts'
import { waits } from './simulated-dependencies.ts'
import { openLanes } from './simulated-limits.ts'

const CLAIMABLE: ReadonlySet<JobState> = new Set(CLAIMABLE_STATES)

export const isClaimable = ({ state }: Job): boolean => CLAIMABLE.has(state)

/**
 * Returns the store's view of the queue: the due jobs in their order, and the first of the later
 * jobs. With `each`, it contains only that number of jobs for each lane that limits leave open.
 * Decisions must be right with either.
 */
export function queueOf(
  jobs: ReadonlyMap<number, Job>,
  limits: ClaimLimits,
  runs: readonly AttemptView[],
  { now, each }: { readonly now: number; readonly each: number | null },
): { readonly due: readonly JobSummary[]; readonly next: readonly JobSummary[] } {
  const all = [...jobs.values()]
    .filter(job => isClaimable(job) && !waits(job, jobs))
    .sort((a, b) => goesAt(a) - goesAt(b) || a.id - b.id)
    .map(({ id, workers, dueAt, priority, workflow, domains }) =>
      queued(id, { workers, dueAt, priority, workflow, domains }),
    )
  const later = all.filter(({ dueAt }) => dueAt > now).sort((a, b) => a.dueAt - b.dueAt)
  const due = all.filter(({ dueAt }) => dueAt <= now)
  const told = each === null ? due : openLanes(due, limits, runs, { now, each })
  return { due: told, next: later.slice(0, 1) }
}

const goesAt = ({ dueAt, priority }: Job) => dueAt - priority * PRIORITY_STEP_MS

/**
 * Returns the change with which an operator queues a job again. The job no longer waits for jobs
 * that have ended. Null if the job cannot be queued again.
 */
export function queuedAgain(
  job: Job | undefined,
  jobs: ReadonlyMap<number, Job>,
  now: number,
): Partial<Job> | null {
  if (job === undefined || ['queued', 'running', 'succeeded'].includes(job.state)) return null
  const after = job.after.filter(id => waits({ ...job, after: [id] }, jobs))
  return { dueAt: now, failures: 0, schedulerDeaths: 0, cancelRequestedAt: null, after }
}
