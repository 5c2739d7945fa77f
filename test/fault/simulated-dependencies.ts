import { CLAIMABLE_STATES, jobEnded } from '../../lib/model/job/job.ts'
import type { Job, JobState } from '../../lib/model/job/job.ts'

type Jobs = ReadonlyMap<number, Job>

const CLAIMABLE: ReadonlySet<string> = new Set(CLAIMABLE_STATES)

/** True if a job still waits for others. */
export const waits = ({ after }: Job, jobs: Jobs): boolean =>
  after.some(id => !jobEnded(jobs.get(id)?.state ?? 'queued'))

/** Returns the next job to cancel because a job that it waited for ended in this state. */
export function cancelledWith(id: number, state: JobState, jobs: Jobs): Job | undefined {
  if (state !== 'failed' && state !== 'cancelled') return undefined
  return [...jobs.values()].find(
    job => job.after.includes(id) && job.afterFailure === 'cancel' && CLAIMABLE.has(job.state),
  )
}

/** Returns a random choice of a few existing jobs, mostly none. A failed job is never chosen. */
export function drawDependencies(random: () => number, jobs: Jobs): Pick<Job, 'after' | 'afterFailure'> {
  const after = [...jobs.values()]
    .filter(({ state }) => state !== 'failed' && state !== 'cancelled' && random() < 0.1)
    .map(({ id }) => id)
  return { after, afterFailure: random() < 0.5 ? 'cancel' : 'run' }
}

/**
 * Checks that a claimed job has nothing to wait for.
 * @throws if the job has to wait or should have been cancelled.
 */
export function mustNotWait(job: Job, jobs: Jobs): void {
  for (const id of job.after) {
    const state = jobs.get(id)?.state ?? 'queued'
    if (!jobEnded(state)) throw new Error(`job ${job.id} goes before job ${id}, for which it waits`)
    if (job.afterFailure === 'cancel' && state !== 'succeeded') {
      throw new Error(`job ${job.id} goes though job ${id} is ${state}`)
    }
  }
}

/** True if a job waits, directly or through others, for a job that only an operator can release. */
export function waitsForOperator(job: Job, jobs: Jobs): boolean {
  return job.after.some(id => {
    const other = jobs.get(id)
    return other !== undefined && (other.state === 'parked' || waitsForOperator(other, jobs))
  })
}
