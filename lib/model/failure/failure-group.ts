import { z } from 'zod'
import { NotifiedBy } from './notified-marker.ts'
import { ErrorRecord } from './error-record.ts'
import { Job, JobId } from '../job/job.ts'
import { Instant } from '../json.ts'
import { FailedPlace, NoticedError } from '../notify/notification.ts'
import { WorkflowName } from '../job/workflow.ts'

/** One failure, with only the facts that its notification needs. */
export const Failure = z.object({
  crashId: z.int().positive(),
  at: Instant,
  place: FailedPlace,
  error: NoticedError,
  screenshot: z.string().nullable(),
  /** Channels through which the failed worker has already notified people. */
  notifiedBy: NotifiedBy,
})
export type Failure = z.infer<typeof Failure>

/**
 * Failures with one root cause: the facts of the cause, and the notifications so far. The group is
 * stored, so that no notification is sent again after a restart.
 */
export const FailureGroup = z.object({
  key: z.string(),
  frame: z.string().nullable(),
  /**
   * `gathering`: the first failures of a series are being collected for one message. `failing`:
   * people were notified, and later failures are summarised. `recovered`: people were notified that
   * the failures have stopped, and the group is kept for a while.
   */
  state: z.enum(['gathering', 'failing', 'recovered']),
  /** Workflow of the last failure. */
  workflow: WorkflowName,
  error: NoticedError,
  /**
   * The current series of failures: the instants of its first and of its last failure, the instant
   * at which the last failure was reported, and the number of failures.
   */
  since: Instant,
  last: Instant,
  reportedAt: Instant,
  total: z.int().positive(),
  /** Instants of the first gathered failure, of the last notification and of the recovery. */
  gatheringSince: Instant,
  notifiedAt: Instant,
  recoveredAt: Instant,
  /**
   * Number of summaries that were sent in this series. Each summary makes the interval to the next
   * one longer.
   */
  summaries: z.int().nonnegative(),
  /**
   * Number of times that the failures came back after a recovery. Each return makes the silence
   * longer after which the group counts as recovered.
   */
  returns: z.int().nonnegative(),
  /**
   * Failures of which people have not been notified yet. `pendingMore` counts further failures that
   * are not in the list.
   */
  pending: z.array(Failure),
  pendingMore: z.int().nonnegative(),
  /**
   * Jobs of which people were notified before the end of the job. If such a job fails for good,
   * people are notified at once.
   */
  watched: z.array(JobId).default([]),
})
export type FailureGroup = z.infer<typeof FailureGroup>

/** The facts of a job that show its state after a failure. */
export const JobStanding = Job.pick({
  id: true,
  state: true,
  attempt: true,
  failures: true,
  retries: true,
}).extend({
  error: ErrorRecord.nullable(),
})
export type JobStanding = z.infer<typeof JobStanding>
