import type { Clock } from '../core/clock.ts'
import type { Store } from '../store/store.ts'

/** They are kept for a week: an hour more or less is nothing. */
const ROUND_MS = 3_600_000

/** Removes what the store keeps for another attempt of jobs that nobody runs again. */
export class MarksSweep {
  private readonly store: Store
  private readonly clock: Clock
  private nextAt = -Infinity

  constructor(store: Store, clock: Clock) {
    this.store = store
    this.clock = clock
  }

  /** Looks when it is time to; resolves with how many were removed. */
  async round(): Promise<number> {
    if (this.clock.monotonic() < this.nextAt) return 0
    this.nextAt = this.clock.monotonic() + ROUND_MS
    return (await this.store.call('coordination.tidy', {})).removed
  }
}
