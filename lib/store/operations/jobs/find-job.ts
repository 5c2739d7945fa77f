import { AutomateError } from '../../../core/errors/errors.ts'
import { CLAIMABLE_STATES, ENDED_STATES, JobId } from '../../../model/job/job.ts'
import type { Job, JobState } from '../../../model/job/job.ts'
import type { Database } from '../../engine/database.ts'
import { JOB_COLUMNS, JobRow } from './job-row.ts'

export const CLAIMABLE = sqlList(CLAIMABLE_STATES)
const ENDED = sqlList(ENDED_STATES)

export function sqlList(states: readonly JobState[]): string {
  return states.map(state => `'${state}'`).join(', ')
}

export function readJob(db: Database, id: number): Job | null {
  const row = db.one(`SELECT ${JOB_COLUMNS} FROM jobs WHERE id = $id`, { id })
  return row === undefined ? null : JobRow.parse(row)
}

/** @throws `job-missing` if the job does not exist. */
export function requireJob(db: Database, id: number): Job {
  const job = readJob(db, id)
  if (job !== null) return job
  throw new AutomateError('job-missing', `There is no job ${id}. "automate-tui jobs" lists the jobs.`, {
    facts: { jobId: id },
  })
}

/** Returns the id of the job that has this unique key and has not ended; null if there is none. */
export function keyHolder(db: Database, key: string): number | null {
  const row = db.one(`SELECT id FROM jobs WHERE unique_key = $key AND state NOT IN (${ENDED})`, { key })
  return row === undefined ? null : JobId.parse(row['id'])
}
