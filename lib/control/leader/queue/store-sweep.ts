import type { Clock } from '../../../core/time/clock.ts'
import type { ClockWatch } from '../../clock/clock-watch.ts'
import { MARKS_KEPT_MS } from '../../../store/operations/coordination/attempt-cleanup.ts'
import type { Store } from '../../../store/store.ts'

/** Interval of the rounds. Records are kept for weeks, so an hour more makes no difference. */
const ROUND_MS = 3_600_000

export interface StoreSweepDependencies {
  readonly store: Pick<Store, 'call'>
  readonly clock: Clock
  /** Retention of ended jobs, with their crash reports and notifications. */
  readonly keepJobsMs: number
  readonly clockWatch: Pick<ClockWatch, 'removalAge'>
}

/**
 * Removes expired records from the store. They are jobs that ended long ago with their crash
 * reports, delivered messages, and coordination data that was kept for another attempt.
 */
export class StoreSweep {
  private readonly deps: StoreSweepDependencies
  private nextAt = -Infinity

  constructor(deps: StoreSweepDependencies) {
    this.deps = deps
  }

  /** Removes expired records if a round is due. Resolves with the number of removed records. */
  async round(): Promise<number> {
    const { store, clock, keepJobsMs, clockWatch } = this.deps
    if (clock.monotonic() < this.nextAt) return 0
    this.nextAt = clock.monotonic() + ROUND_MS
    const before = Math.max(0, Math.floor(clock.now() - clockWatch.removalAge(keepJobsMs)))
    let removed = (
      await store.call('coordination.tidy', {
        keepMs: Math.min(clock.now(), clockWatch.removalAge(MARKS_KEPT_MS)),
      })
    ).removed
    // In batches, so that other calls to the store are served in between.
    for (let more = true; more;) {
      const batch = await store.call('jobs.tidy', { before })
      removed += batch.removed
      more = batch.more
    }
    removed += (await store.call('messages.tidy', { before })).removed
    for (let more = true; more;) more = (await store.call('store.shrink', {})).more
    return removed
  }
}
