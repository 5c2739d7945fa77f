import type { SchedulerDocument } from '../worker/documents.ts'

/**
 * Silence of a suspect scheduler. A scheduler rewrites its document every ten seconds, and a busy
 * machine may cause two misses.
 */
export const SCHEDULER_SILENT_AFTER_MS = 25_000

/** True if a scheduler runs, so that it must rewrite its document. */
export const schedulerRuns = (scheduler: SchedulerDocument | null): scheduler is SchedulerDocument =>
  scheduler !== null && scheduler.phase !== 'stopped'

/**
 * Returns the silence of a scheduler by the wall clock; null if the scheduler does not run, or is
 * not silent for long enough to be suspect.
 */
export function silenceOf(scheduler: SchedulerDocument | null, now: number): number | null {
  if (!schedulerRuns(scheduler)) return null
  const silentMs = now - scheduler.updatedAt
  return silentMs < SCHEDULER_SILENT_AFTER_MS ? null : silentMs
}
