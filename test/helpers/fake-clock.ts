import type { Clock } from '../../lib/core/time/clock.ts'

/** A clock that a test moves. Starts at 1000. */
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

  /** How many timers are set. */
  get waiting(): number {
    return this.timers.length
  }

  /** Whether something is due after just so long. */
  isDueIn(ms: number): boolean {
    return this.timers.some(({ at }) => at === this.time + ms)
  }

  /**
   * Sets the wall clock by so much, as a suspended machine or a correction does: no time passes for
   * timers.
   */
  jump(ms: number): void {
    this.jumped += ms
  }

  /** Moves on, and calls what is due in its order. */
  advance(ms: number): void {
    this.time += ms
    for (const timer of this.timers.filter(({ at }) => at <= this.time).sort((a, b) => a.at - b.at)) {
      this.timers = this.timers.filter(other => other !== timer)
      timer.fn()
    }
  }
}
