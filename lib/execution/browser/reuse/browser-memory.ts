import type { Clock } from '../../../core/time/clock.ts'
import type { ProcessTreeUsage } from '../../../platform/process/tree-use.ts'

/**
 * Interval between measurements. Memory grows over many pages, so a few seconds suffice, at no
 * measurable cost.
 */
const LOOK_EVERY_MS = 5_000

/** Maximum age of a reused measurement, so that jobs in quick succession share one. */
const FRESH_MS = 500

export interface BrowserMemoryOptions {
  readonly clock: Clock
  /**
   * Returns the current usage of the browser's processes; undefined if there are none, or the
   * system does not report it.
   */
  readonly measure: () => Promise<ProcessTreeUsage | undefined>
  readonly onMeasured: (use: ProcessTreeUsage) => void
}

/**
 * Measures the memory and the processor usage of the worker's browser: at intervals while a job
 * runs, and at the end of a job if another one may follow.
 */
export class BrowserMemory {
  private readonly options: BrowserMemoryOptions
  private lookedAt = -Infinity
  private forget: () => void = () => undefined

  constructor(options: BrowserMemoryOptions) {
    this.options = options
  }

  /** Begins the measurements of a job. */
  follow(): void {
    this.forget()
    this.forget = this.options.clock.after(LOOK_EVERY_MS, () => {
      this.follow()
      void this.measure()
    })
  }

  /** Ends the measurements. */
  rest(): void {
    this.forget()
  }

  /** Measures, unless the last measurement is recent. Never rejects. */
  async measure(): Promise<void> {
    const { clock, measure, onMeasured } = this.options
    if (clock.monotonic() - this.lookedAt < FRESH_MS) return
    this.lookedAt = clock.monotonic()
    const use = await measure()
    if (use !== undefined) onMeasured(use)
  }
}
