import { AutomateError } from '../../lib/core/errors/errors.ts'
import type { ClaimScope, JobState } from '../../lib/model/job/job.ts'
import type { Store } from '../../lib/store/store.ts'

/**
 * Returns what a scheduler claims that runs for one job: the job, the jobs that it waits for, and those that other commands queue from now on.
 * @throws `job-state` if one of them is parked.
 */
export async function claimScope(store: Store, id: number, isNew: boolean): Promise<ClaimScope> {
  const needed = new Map<number, JobState>()
  await addNeeded(store, id, needed)
  for (const [job, state] of needed) if (state === 'parked') throw parkedError(job, id)
  // A job that had the key already may be older than others that wait.
  const [newest] = isNew ? [] : await store.call('jobs.list', { limit: 1 })
  return { from: newest === undefined ? id : newest.id + 1, also: [...needed.keys()] }
}

/** Adds a job, and the jobs that must have ended before it begins. */
async function addNeeded(store: Store, id: number, needed: Map<number, JobState>): Promise<void> {
  const job = await store.call('jobs.read', { id })
  if (job === null || needed.has(id)) return
  needed.set(id, job.state)
  for (const before of job.after) await addNeeded(store, before, needed)
}

export function parkedError(parked: number, id: number): AutomateError {
  const waits = parked === id ? '' : `Job ${id} waits for job ${parked}. `
  return new AutomateError(
    'job-state',
    `${waits}Job ${parked} is parked, because the scheduler died again and again while it ran. Read how the logs of its attempts end (logs/<day>/workers/job_${parked}_…), then queue it again with "automate-tui retry ${parked}".`,
  )
}
