import { isDeepStrictEqual } from 'node:util'
import type { Clock } from '../../core/time/clock.ts'
import type { SchedulerDocument } from '../../model/worker/documents.ts'
import { SCHEDULER_SILENT_AFTER_MS, schedulerRuns } from '../../model/notify/scheduler-silence.ts'

/** Returns whether a document was rewritten only to show that its scheduler lives: nothing to show. */
export function onlyBeat(before: SchedulerDocument | null, after: SchedulerDocument | null): boolean {
  if (before === null || after === null) return before === after
  const beat = { updatedAt: 0, use: undefined }
  return isDeepStrictEqual({ ...before, ...beat }, { ...after, ...beat })
}

const CHECK_MS = 5_000

/** One check before the limit: the answer is there when the silence is reported. */
const ASK_AFTER_MS = SCHEDULER_SILENT_AFTER_MS - CHECK_MS

/** Meaning of a scheduler's silence: it does not respond, or it responds and cannot write. Both are null if neither is so. */
export interface Silence {
  readonly silentMs: number | null
  readonly unwritten: string | null
}

const NO_SILENCE: Silence = { silentMs: null, unwritten: null }

/**
 * Measures for how long the scheduler of another process has not rewritten its document. Counts checks instead of time: while this process is stopped or the
 * machine sleeps, none is made, and a wall clock that jumps does not matter.
 */
export class SilenceWatch {
  private readonly clock: Clock
  private readonly ask: () => Promise<string | null>
  private readonly onChange: (silence: Silence) => void
  private last: SchedulerDocument | null = null
  private quietMs = 0
  private isAsking = false
  private unwritten: string | null = null
  private forget: () => void = () => undefined

  /**
   * `ask` resolves with why a scheduler that answers cannot write its document, or with null. One that has not answered until the next check
   * is silent. `onChange` receives the silence from the limit on, at every check, and its end.
   */
  constructor(clock: Clock, ask: () => Promise<string | null>, onChange: (silence: Silence) => void) {
    this.clock = clock
    this.ask = ask
    this.onChange = onChange
  }

  /** Takes the scheduler's document as it is now; the same object if it was not rewritten. */
  onDocument(document: SchedulerDocument | null): void {
    if (document === this.last) return
    const wasSilent = this.isSilent
    this.close()
    this.last = document
    this.quietMs = 0
    this.unwritten = null
    if (wasSilent) this.onChange(NO_SILENCE)
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
      if (this.isAsking) this.unwritten = null
      if (this.isSilent) {
        const { quietMs, unwritten } = this
        this.onChange(unwritten === null ? { silentMs: quietMs, unwritten } : { silentMs: null, unwritten })
      }
      if (this.quietMs >= ASK_AFTER_MS && !this.isAsking) void this.poll()
    })
  }

  private async poll(): Promise<void> {
    const { last } = this
    this.isAsking = true
    const unwritten = await this.ask().catch(() => null)
    this.isAsking = false
    if (this.last === last) this.unwritten = unwritten
  }
}
