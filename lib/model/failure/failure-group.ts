import { z } from 'zod'
import { NotifiedBy } from './notified-marker.ts'
import { ErrorRecord } from './error-record.ts'
import { Job, JobId } from '../job/job.ts'
import { Instant } from '../json.ts'
import { FailedPlace, NoticedError } from '../notify/notification.ts'
import { WorkflowName } from '../job/workflow.ts'

/** One failure, reduced to the facts of its notification. */
export const Failure = z.object({
  crashId: z.int().positive(),
  at: Instant,
  place: FailedPlace,
  error: NoticedError,
  screenshot: z.string().nullable(),
  /** Channels through which its worker has already notified. */
  notifiedBy: NotifiedBy,
})
export type Failure = z.infer<typeof Failure>

/**
 * A root cause of failures: its facts and its past notifications. Stored, so that a restart repeats
 * no notification.
 */
export const FailureGroup = z.object({
  key: z.string(),
  frame: z.string().nullable(),
  /**
   * `gathering`: the first failures of a spell are collected for one message. `failing`: people
   * were notified, and later failures are summarised. `recovered`: people were notified of the end,
   * and the group is remembered for a while.
   */
  state: z.enum(['gathering', 'failing', 'recovered']),
  /** Workflow of the last failure. */
  workflow: WorkflowName,
  error: NoticedError,
  /**
   * Facts of this spell: the instants of the first and the last failure, the instant of the last
   * report, and the number of failures.
   */
  since: Instant,
  last: Instant,
  reportedAt: Instant,
  total: z.int().positive(),
  /** Instants of the first gathered failure, of the last notification and of the recovery. */
  gatheringSince: Instant,
  notifiedAt: Instant,
  recoveredAt: Instant,
  /** Number of sent summaries of this spell, which lengthens their intervals. */
  summaries: z.int().nonnegative(),
  /** Number of returns, which lengthens the silence that counts as recovered. */
  returns: z.int().nonnegative(),
  /** Failures not yet notified. `pendingMore` counts the failures beyond this list. */
  pending: z.array(Failure),
  pendingMore: z.int().nonnegative(),
  /** Jobs with a notification before their end, so that their final failure is notified at once. */
  watched: z.array(JobId).default([]),
})
export type FailureGroup = z.infer<typeof FailureGroup>

/** The part of a job that shows its state after a failure. */
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
