import type { Clock } from '../../../lib/core/time/clock.ts'
import { CpuShares } from './cpu-shares.ts'
import type { CpuParts } from './cpu-shares.ts'
import { readProcessTable, readPssBytes, treeOf } from './process-table.ts'
import type { ProcessRow } from './process-table.ts'
import type { Reap } from './reaper.ts'

/** Interval of the samples: four a second. CPU time after a process's last sample has no owner. */
const SAMPLE_EVERY_MS = 250

/**
 * Share of the time for counting memory. The system counts a process's memory page by page and
 * blocks the process during the count, which would be a good part of the run with many large
 * processes. A thirtieth of the time finds a peak that lasts some seconds.
 */
const COUNTED_SHARE = 0.03

export interface TreeUse {
  readonly cpuMs: number | null
  readonly peakBytes: number | null
  /** CPU time by owner. */
  readonly parts: CpuParts | null
}

interface Sample {
  readonly tree: readonly ProcessRow[]
  readonly cpuMs: number
}

/**
 * Measures one process and all its descendants, orphans included.
 * @param root the process; with `leaveOutRoot` only its descendants count.
 * @param ownChildren the pids that this process itself started and waits for; its other children
 * are orphans of the tree.
 */
export class TreeMeter {
  readonly #root: number
  readonly #leaveOutRoot: boolean
  readonly #ownChildren: ReadonlySet<number>
  readonly #reap: Reap | undefined
  readonly #clock: Clock
  readonly #shares = new CpuShares()
  #reapedMs = 0
  #startMs = 0
  #peakBytes = 0
  #countAt = 0
  #forget: () => void = () => undefined

  constructor(options: {
    root: number
    leaveOutRoot: boolean
    ownChildren: ReadonlySet<number>
    reap: Reap | undefined
    clock: Clock
  }) {
    this.#root = options.root
    this.#leaveOutRoot = options.leaveOutRoot
    this.#ownChildren = options.ownChildren
    this.#reap = options.reap
    this.#clock = options.clock
  }

  /** Begins to count. Earlier use is not counted. */
  start(): void {
    if (this.#reap === undefined) return
    this.#startMs = this.#sample(this.#reap).cpuMs
    const again = () => {
      if (this.#reap !== undefined) this.#sample(this.#reap)
      this.#forget = this.#clock.after(SAMPLE_EVERY_MS, again)
    }
    this.#forget = this.#clock.after(SAMPLE_EVERY_MS, again)
  }

  /**
   * Ends counting. Call it while the root still lives, because the root's own CPU time disappears
   * with it.
   */
  stop(): TreeUse {
    this.#forget()
    if (this.#reap === undefined) return { cpuMs: null, peakBytes: null, parts: null }
    const { cpuMs } = this.#sample(this.#reap)
    const usedMs = cpuMs - this.#startMs
    return { cpuMs: usedMs, peakBytes: this.#peakBytes, parts: this.#shares.parts(usedMs) }
  }

  /** Returns the remaining pids of the tree, without zombies. Empty if the system is not Linux. */
  survivors(): number[] {
    if (this.#reap === undefined) return []
    return this.#sample(this.#reap).tree.flatMap(row => (row.zombie ? [] : row.pid))
  }

  #sample(reap: Reap): Sample {
    const table = readProcessTable()
    const orphans = table.filter(row => row.parent === process.pid && !this.#ownChildren.has(row.pid))
    for (const orphan of orphans.filter(row => row.zombie)) {
      this.#reapedMs += orphan.ownMs + orphan.waitedMs
      reap(orphan.pid)
    }
    const living = orphans.filter(row => !row.zombie)
    const tree = treeOf([this.#root, ...living.map(row => row.pid)], table)
    const counted = tree.filter(row => !(this.#leaveOutRoot && row.pid === this.#root))
    this.#shares.see(counted)
    this.#countMemory(counted)
    const cpuMs = tree.reduce((sum, row) => {
      const ownMs = counted.includes(row) ? row.ownMs : 0
      return sum + ownMs + row.waitedMs
    }, this.#reapedMs)
    return { tree, cpuMs }
  }

  #countMemory(rows: readonly ProcessRow[]): void {
    const from = this.#clock.monotonic()
    if (from < this.#countAt) return
    const bytes = rows.reduce((sum, row) => sum + readPssBytes(row.pid), 0)
    const now = this.#clock.monotonic()
    this.#countAt = now + (now - from) / COUNTED_SHARE
    this.#peakBytes = Math.max(this.#peakBytes, bytes)
  }
}
