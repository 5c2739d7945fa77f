import { z } from 'zod'
import { NotifiedBy } from './notified-marker.ts'
import { ErrorRecord } from './error-record.ts'
import { Job, JobId } from '../job/job.ts'
import { Instant } from '../json.ts'
import { FailedPlace, NoticedError } from '../notify/notification.ts'
import { WorkflowName } from '../job/workflow.ts'

/** One failure, as far as it matters for telling of it. */
export const Failure = z.object({
  crashId: z.int().positive(),
  at: Instant,
  place: FailedPlace,
  error: NoticedError,
  screenshot: z.string().nullable(),
  /** Whom its worker has told already. */
  told: NotifiedBy,
})
export type Failure = z.infer<typeof Failure>

/** A root cause of failures: what is known of it, and what has been told. Kept in the store, so that a restart tells nothing twice. */
export const FailureGroup = z.object({
  key: z.string(),
  frame: z.string().nullable(),
  /**
   * `gathering`: the first failures of a spell are collected for one message. `failing`: told, and what comes is summarised. `recovered`: told that it is over, and
   * remembered for a while.
   */
  state: z.enum(['gathering', 'failing', 'recovered']),
  /** Of the last failure. */
  workflow: WorkflowName,
  error: NoticedError,
  /** Of this spell: the first and the last failure, when the last was heard of, and how many there were. */
  since: Instant,
  last: Instant,
  heardAt: Instant,
  total: z.int().positive(),
  /** When the first failure that is gathered was heard of; when it was told last; when it had recovered. */
  gatheringSince: Instant,
  toldAt: Instant,
  recoveredAt: Instant,
  /** How many summaries of this spell have been told: their intervals grow. */
  summaries: z.int().nonnegative(),
  /** How often it has come back: the silence that counts as recovered grows. */
  returns: z.int().nonnegative(),
  /** Failures that are not told yet; `pendingMore` are not kept one by one. */
  pending: z.array(Failure),
  pendingMore: z.int().nonnegative(),
  /** Jobs of which people were notified before they had ended: their final failure is notified at once. */
  watched: z.array(JobId).default([]),
})
export type FailureGroup = z.infer<typeof FailureGroup>

/** The part of a job that says what becomes of it after a failure. */
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
