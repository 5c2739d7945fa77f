import { AutomateError } from '../../core/errors/errors.ts'
import type { CrashSummary } from '../../model/failure/crash.ts'
import type { Job } from '../../model/job/job.ts'
import type { MemberRecord } from '../../model/job/member-record.ts'
import type { StoreCalls } from '../project/with-store.ts'

/** Maximum number of crash reports in the records of a job. The latest are included. */
const MOST_CRASHES = 50

/** A job with its workers and crashes, as stored. */
export interface JobRecords {
  readonly job: Job
  readonly members: readonly MemberRecord[]
  readonly crashes: readonly CrashSummary[]
}

/**
 * Returns a job with its workers and crashes.
 * @throws `job-missing` if there is no such job.
 */
export async function jobRecords(store: StoreCalls, id: number): Promise<JobRecords> {
  const [job, members, crashes] = await Promise.all([
    store.call('jobs.read', { id }),
    store.call('members.list', { jobId: id }),
    store.call('crashes.list', { jobId: id, limit: MOST_CRASHES }),
  ])
  if (job !== null) return { job, members, crashes }
  throw new AutomateError('job-missing', `There is no job ${id}. "automate-tui jobs" lists the jobs.`)
}
