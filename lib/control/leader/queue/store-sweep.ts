import type { Clock } from '../../../core/time/clock.ts'
import type { ClockWatch } from '../../clock/clock-watch.ts'
import { MARKS_KEPT_MS } from '../../../store/operations/coordination/attempt-cleanup.ts'
import type { Store } from '../../../store/store.ts'

/** What it removes was kept for weeks: an hour more or less is nothing. */
const ROUND_MS = 3_600_000

export interface StoreSweepDependencies {
  readonly store: Pick<Store, 'call'>
  readonly clock: Clock
  /** How long jobs are kept that have ended, with their crash reports and what was told of them. */
  readonly keepJobsMs: number
  readonly clockWatch: Pick<ClockWatch, 'removalAge'>
}

/** Removes from the store what nobody looks for any more: jobs that ended long ago, their crash reports, delivered messages, and what was kept for another attempt. */
export class StoreSweep {
  private readonly deps: StoreSweepDependencies
  private nextAt = -Infinity

  constructor(deps: StoreSweepDependencies) {
    this.deps = deps
  }

  /** Looks when it is time to; resolves with how many were removed. */
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
    // Batch by batch: others have their turns in between.
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
