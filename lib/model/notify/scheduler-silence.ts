import type { SchedulerDocument } from '../worker/documents.ts'

/** A living scheduler rewrites its document every ten seconds: one that misses two of them on a busy machine is not suspected yet. */
export const SCHEDULER_SILENT_AFTER_MS = 25_000

/** Returns whether a scheduler runs, so that it has to rewrite its document. */
export const schedulerRuns = (scheduler: SchedulerDocument | null): scheduler is SchedulerDocument =>
  scheduler !== null && scheduler.phase !== 'stopped'

/** Returns for how long a scheduler has been silent by the wall clock; null if it does not run, or answers. */
export function silenceOf(scheduler: SchedulerDocument | null, now: number): number | null {
  if (!schedulerRuns(scheduler)) return null
  const silentMs = now - scheduler.updatedAt
  return silentMs < SCHEDULER_SILENT_AFTER_MS ? null : silentMs
}
