import type { Clock } from '../../../core/time/clock.ts'
import type { ProcessTreeUsage } from '../../../platform/process/tree-use.ts'

/** Memory grows over many pages: a look every few seconds sees it, and costs nothing that can be measured. */
const LOOK_EVERY_MS = 5_000

/** Jobs that follow each other faster than this share a look. */
const FRESH_MS = 500

export interface BrowserMemoryOptions {
  readonly clock: Clock
  /** What the browser's processes use now; undefined when there is none, or the system does not say. */
  readonly measure: () => Promise<ProcessTreeUsage | undefined>
  readonly onMeasured: (use: ProcessTreeUsage) => void
}

/** How much memory the worker's browser holds, and how busy it is: looked at now and then while a job runs, and at its end where another job may follow. */
export class BrowserMemory {
  private readonly options: BrowserMemoryOptions
  private lookedAt = -Infinity
  private forget: () => void = () => undefined

  constructor(options: BrowserMemoryOptions) {
    this.options = options
  }

  /** A job runs from now on. */
  follow(): void {
    this.forget()
    this.forget = this.options.clock.after(LOOK_EVERY_MS, () => {
      this.follow()
      void this.measure()
    })
  }

  /** No job runs any more. */
  rest(): void {
    this.forget()
  }

  /** Looks, unless it has just been looked at. Never rejects. */
  async measure(): Promise<void> {
    const { clock, measure, onMeasured } = this.options
    if (clock.monotonic() - this.lookedAt < FRESH_MS) return
    this.lookedAt = clock.monotonic()
    const use = await measure()
    if (use !== undefined) onMeasured(use)
  }
}
