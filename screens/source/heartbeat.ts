import { isDeepStrictEqual } from 'node:util'
import type { Clock } from '../../lib/core/clock.ts'
import type { SchedulerDocument } from '../../lib/domain/documents.ts'
import { SCHEDULER_SILENT_AFTER_MS, schedulerRuns } from '../../lib/domain/scheduler-silence.ts'

/** Returns whether a document was rewritten only to show that its scheduler lives: nothing to show. */
export function onlyBeat(before: SchedulerDocument | null, after: SchedulerDocument | null): boolean {
  if (before === null || after === null) return before === after
  const beat = { updatedAt: 0, use: undefined }
  return isDeepStrictEqual({ ...before, ...beat }, { ...after, ...beat })
}

const CHECK_MS = 5_000

/**
 * Measures for how long the scheduler of another process has not rewritten its document. Counts checks instead of time: while this process is stopped or the
 * machine sleeps, none is made, and a wall clock that jumps does not matter.
 */
export class SilenceWatch {
  private readonly clock: Clock
  private readonly onChange: (silentMs: number | null) => void
  private last: SchedulerDocument | null = null
  private quietMs = 0
  private forget: () => void = () => undefined

  /** `onChange` receives the silence from the limit on, at every check, and null when it is over. */
  constructor(clock: Clock, onChange: (silentMs: number | null) => void) {
    this.clock = clock
    this.onChange = onChange
  }

  /** Takes the scheduler's document as it is now; the same object if it was not rewritten. */
  onDocument(document: SchedulerDocument | null): void {
    if (document === this.last) return
    const wasSilent = this.isSilent
    this.close()
    this.last = document
    this.quietMs = 0
    if (wasSilent) this.onChange(null)
    if (schedulerRuns(document)) this.plan()
  }

  close(): void {
    this.forget()
  }

  private get isSilent(): boolean {
    return this.quietMs >= SCHEDULER_SILENT_AFTER_MS
  }

  private plan(): void {
    this.forget = this.clock.after(CHECK_MS, () => {
      this.quietMs += CHECK_MS
      this.plan()
      if (this.isSilent) this.onChange(this.quietMs)
    })
  }
}
