import type { Clock } from '../../lib/core/time/clock.ts'

/** Clock that a test moves. It starts at 1000 ms. */
export class FakeClock implements Clock {
  private time = 1_000
  private jumped = 0
  private timers: { readonly at: number; readonly fn: () => void }[] = []

  now(): number {
    return this.time + this.jumped
  }

  monotonic(): number {
    return this.time
  }

  after(ms: number, fn: () => void): () => void {
    const timer = { at: this.time + ms, fn }
    this.timers.push(timer)
    return () => {
      this.timers = this.timers.filter(other => other !== timer)
    }
  }

  /** Returns the number of pending timers. */
  get waiting(): number {
    return this.timers.length
  }

  /** True if a timer is due in exactly `ms` milliseconds. */
  isDueIn(ms: number): boolean {
    return this.timers.some(({ at }) => at === this.time + ms)
  }

  /**
   * Moves the wall clock by `ms`, as the suspension of a machine or a correction of the clock does.
   * For timers, no time passes.
   */
  jump(ms: number): void {
    this.jumped += ms
  }

  /** Moves the clock by `ms`, and calls the timers that become due, in order. */
  advance(ms: number): void {
    this.time += ms
    for (const timer of this.timers.filter(({ at }) => at <= this.time).sort((a, b) => a.at - b.at)) {
      this.timers = this.timers.filter(other => other !== timer)
      timer.fn()
    }
  }
}
