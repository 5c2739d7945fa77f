import { z } from 'zod'
import { JobState } from '../../../model/job/job.ts'
import { defineOperation } from '../define.ts'

/** Returns the number of jobs in each state. */
export const countJobs = defineOperation({
  name: 'jobs.counts',
  kind: 'read',
  input: z.object({}),
  output: z.record(JobState, z.int().nonnegative()),
  run(db) {
    const counts = new Map(
      db
        .all('SELECT state, jobs AS n FROM job_counts')
        .map(row => [row['state'], z.int().parse(row['n'])] as const),
    )
    const of = (state: JobState) => counts.get(state) ?? 0
    return {
      queued: of('queued'),
      running: of('running'),
      retrying: of('retrying'),
      interrupted: of('interrupted'),
      succeeded: of('succeeded'),
      failed: of('failed'),
      cancelled: of('cancelled'),
      parked: of('parked'),
    } satisfies Record<JobState, number>
  },
})
