import { jobsEnded, jobsWaiting } from '../../lib/app/port/snapshot.ts'
import type { Snapshot } from '../../lib/app/port/snapshot.ts'

/**
 * Counts of ended and failed jobs at the time when the queue was last empty. All later jobs form
 * one batch.
 */
export interface Batch {
  readonly endedBefore: number
  readonly failedBefore: number
}

/** Progress of a batch. */
export interface BatchProgress {
  readonly ended: number
  readonly failed: number
  /** Jobs that wait or run. */
  readonly left: number
}

/** Updates the batch with new counts. A new batch begins after an empty queue. */
export function updateProgress(batch: Batch | null, counts: Snapshot['counts']): Batch {
  const { ended, failed, left } = totals(counts)
  if (batch === null || left === 0) return { endedBefore: ended, failedBefore: failed }
  // Retention removes jobs, and failed jobs are queued again, so the counts can fall.
  return {
    endedBefore: Math.min(batch.endedBefore, ended),
    failedBefore: Math.min(batch.failedBefore, failed),
  }
}

export function batchProgress(batch: Batch, counts: Snapshot['counts']): BatchProgress {
  const { ended, failed, left } = totals(counts)
  return { ended: ended - batch.endedBefore, failed: failed - batch.failedBefore, left }
}

/**
 * Sums up the counts by state. Parked jobs wait for the operator, so they count neither as ended
 * nor as left, and do not keep a batch open.
 */
const totals = (counts: Snapshot['counts']): BatchProgress => ({
  ended: jobsEnded(counts),
  failed: counts.failed,
  left: jobsWaiting(counts) + counts.running,
})
