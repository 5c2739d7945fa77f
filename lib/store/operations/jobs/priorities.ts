import { z } from 'zod'
import { Job, JobId, PRIORITY_RANGE, jobWaits } from '../../../model/job/job.ts'
import { defineOperation } from '../define.ts'
import { readJob } from './find-job.ts'
import { NEXT_SEQ } from './job-row.ts'

/** Maximum number of jobs in one call, because all other requests wait during the call. */
const BATCH = 500

const Prioritised = z.object({ id: JobId, priority: Job.shape.priority })

/**
 * Changes the priority of waiting jobs, either to a value or by a number of steps within the range.
 * `refused` contains a reason for each job that is not waiting. The other jobs are changed in one
 * transaction.
 */
const prioritiseJobs = defineOperation({
  name: 'jobs.prioritise',
  kind: 'write',
  input: z.object({
    ids: z.array(JobId).min(1).max(BATCH),
    change: z.union([z.object({ to: Job.shape.priority }), z.object({ by: z.int() })]),
  }),
  output: z.object({ changed: z.array(Prioritised), refused: z.array(z.string()) }),
  run(db, { ids, change }) {
    const changed: z.infer<typeof Prioritised>[] = []
    const refused: string[] = []
    for (const id of new Set(ids)) {
      const job = readJob(db, id)
      if (job === null || !jobWaits(job.state)) {
        refused.push(whyNot(id, job))
        continue
      }
      const wanted = 'to' in change ? change.to : job.priority + change.by
      const priority = Math.max(PRIORITY_RANGE.min, Math.min(PRIORITY_RANGE.max, wanted))
      db.run(`UPDATE jobs SET priority = $priority, seq = ${NEXT_SEQ} WHERE id = $id`, { id, priority })
      changed.push({ id, priority })
    }
    return { changed, refused }
  },
})

function whyNot(id: number, job: Job | null): string {
  if (job === null) return `There is no job ${id}. "automate-tui jobs" lists the jobs.`
  return `Job ${id} is ${job.state}, but only a waiting job has a priority.`
}

export const priorityOperations = { [prioritiseJobs.name]: prioritiseJobs }
