import type { z } from 'zod'
import { JobId } from '../../../model/job/job.ts'
import type { JobRequest } from '../../../model/job/job.ts'
import type { Database } from '../../engine/database.ts'
import { insertDependencies } from './dependencies.ts'
import { keyHolder } from './find-job.ts'
import { NEXT_SEQ } from './job-row.ts'

/**
 * Queues a job. If there is a job with the same `uniqueKey` that has not ended, returns that job
 * instead.
 * @throws the errors of `insertDependencies` for the jobs in `after`.
 */
export function enqueueJob(
  db: Database,
  request: z.output<typeof JobRequest>,
  now: number,
): { id: number; created: boolean } {
  if (request.uniqueKey !== undefined) {
    const holder = keyHolder(db, request.uniqueKey)
    if (holder !== null) return { id: holder, created: false }
  }
  const row = db.one(
    `INSERT INTO jobs (workflow, input, state, priority, workers, due_at, retries, unique_key, origin, proxy, after_failure, domains, unresolved, queued_at, seq)
     VALUES ($workflow, $input, 'queued', $priority, $workers, $dueAt, $retries, $uniqueKey, $origin, $proxy, $afterFailure, $domains, $unresolved, $now, ${NEXT_SEQ}) RETURNING id`,
    {
      workflow: request.workflow,
      input: JSON.stringify(request.input),
      priority: request.priority,
      workers: request.workers,
      dueAt: request.dueAt ?? now,
      retries: request.retries,
      uniqueKey: request.uniqueKey ?? null,
      origin: request.origin,
      proxy: request.proxy === undefined ? null : JSON.stringify(request.proxy),
      afterFailure: request.afterFailure,
      domains: JSON.stringify(request.domains ?? []),
      unresolved: request.unresolved === undefined ? null : JSON.stringify(request.unresolved),
      now,
    },
  )
  const id = JobId.parse(row?.['id'])
  if (request.after !== undefined) insertDependencies(db, id, request.after)
  return { id, created: true }
}
