import type { Clock } from '../../core/time/clock.ts'

/**
 * Measures the processor use of this process, and of others with a known processor time, between
 * two calls.
 */
export class CpuUsage {
  private readonly clock: Clock
  private before: { readonly at: number; readonly ownMs: number; readonly othersMs: number } | undefined

  constructor(clock: Clock) {
    this.clock = clock
  }

  /**
   * Returns percent of one processor since the last call, to one decimal place; undefined at the
   * first call. `othersMs` is the total processor time of the others. If `othersMs` has decreased,
   * the others have changed, and only this process counts.
   */
  percent(othersMs = 0): number | undefined {
    const { user, system } = process.cpuUsage()
    const now = { at: this.clock.monotonic(), ownMs: (user + system) / 1_000, othersMs }
    const { before } = this
    this.before = now
    if (before === undefined || now.at <= before.at) return undefined
    const usedMs = now.ownMs - before.ownMs + Math.max(0, now.othersMs - before.othersMs)
    return Math.round((usedMs / (now.at - before.at)) * 1_000) / 10
  }
}
