import type { Clock } from '../core/time/clock.ts'
import { delay } from '../core/time/timeout.ts'

/**
 * Tracks the author's code that has started and not ended. Interrupted code may run forever, so the
 * wait for its end has a limit.
 */
export class PendingWork {
  private readonly open = new Set<Promise<unknown>>()

  add(work: Promise<unknown>): void {
    this.open.add(work)
    const end = () => this.open.delete(work)
    work.then(end, end)
  }

  /** Waits for the end of all work, for at most `limitMs`; returns true if all work has ended. */
  async ended(limitMs: number, clock: Clock): Promise<boolean> {
    if (this.open.size === 0) return true
    const over = new AbortController()
    void Promise.allSettled(this.open).then(() => over.abort())
    await delay(limitMs, clock, over.signal)
    return this.open.size === 0
  }
}
