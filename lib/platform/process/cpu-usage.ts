import type { Clock } from '../../core/time/clock.ts'

/**
 * Measures the processor usage between two calls, of this process and of other processes whose
 * processor time the caller passes.
 */
export class CpuUsage {
  private readonly clock: Clock
  private before: { readonly at: number; readonly ownMs: number; readonly othersMs: number } | undefined

  constructor(clock: Clock) {
    this.clock = clock
  }

  /**
   * Returns the usage since the last call, in percent of one processor, to one decimal place;
   * undefined at the first call. `othersMs` is the total processor time of the other processes, in
   * milliseconds. If it has decreased, they are not the same processes as before, so only this
   * process counts.
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
