import { jobsEnded, jobsWaiting } from '../../lib/app/port/snapshot.ts'
import type { Snapshot } from '../../lib/app/port/snapshot.ts'

/** How many jobs had ended, and failed, when the queue was last empty: all since then is one batch of work. */
export interface Batch {
  readonly endedBefore: number
  readonly failedBefore: number
}

/** How far a batch is. */
export interface BatchProgress {
  readonly ended: number
  readonly failed: number
  /** Jobs that wait or run. */
  readonly left: number
}

/** The batch with these counts taken in: a new one begins where nothing was left. */
export function updateProgress(batch: Batch | null, counts: Snapshot['counts']): Batch {
  const { ended, failed, left } = totals(counts)
  if (batch === null || left === 0) return { endedBefore: ended, failedBefore: failed }
  // Jobs are forgotten in time, and failed ones are queued again.
  return {
    endedBefore: Math.min(batch.endedBefore, ended),
    failedBefore: Math.min(batch.failedBefore, failed),
  }
}

export function batchProgress(batch: Batch, counts: Snapshot['counts']): BatchProgress {
  const { ended, failed, left } = totals(counts)
  return { ended: ended - batch.endedBefore, failed: failed - batch.failedBefore, left }
}

/** Parked jobs wait for the operator: they neither end nor keep a batch from its end. */
const totals = (counts: Snapshot['counts']): BatchProgress => ({
  ended: jobsEnded(counts),
  failed: counts.failed,
  left: jobsWaiting(counts) + counts.running,
})
