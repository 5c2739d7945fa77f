import type { Clock } from '../../core/time/clock.ts'

/** How busy this process is, with others whose processor time is measured beside it: from one look to the next. */
export class CpuUsage {
  private readonly clock: Clock
  private before: { readonly at: number; readonly ownMs: number; readonly othersMs: number } | undefined

  constructor(clock: Clock) {
    this.clock = clock
  }

  /**
   * Percent of one processor since the last look, to one place; undefined at the first. `othersMs` is the processor time of the others so far: where it is less than before, they are
   * others by now, and this process alone counts.
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
