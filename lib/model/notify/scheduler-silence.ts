import type { SchedulerDocument } from '../worker/documents.ts'

/**
 * Silence after which a scheduler may be hanging. A scheduler rewrites its document every ten
 * seconds, and on a busy machine it may miss two writes.
 */
export const SCHEDULER_SILENT_AFTER_MS = 25_000

/** True if a scheduler runs, and therefore has to rewrite its document. */
export const schedulerRuns = (scheduler: SchedulerDocument | null): scheduler is SchedulerDocument =>
  scheduler !== null && scheduler.phase !== 'stopped'

/**
 * Returns for how many milliseconds, by the wall clock, a scheduler has not rewritten its document;
 * null if no scheduler runs, or if the time is shorter than `SCHEDULER_SILENT_AFTER_MS`.
 */
export function silenceOf(scheduler: SchedulerDocument | null, now: number): number | null {
  if (!schedulerRuns(scheduler)) return null
  const silentMs = now - scheduler.updatedAt
  return silentMs < SCHEDULER_SILENT_AFTER_MS ? null : silentMs
}
