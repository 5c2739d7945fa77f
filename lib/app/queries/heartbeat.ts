import { isDeepStrictEqual } from 'node:util'
import type { Clock } from '../../core/time/clock.ts'
import type { SchedulerDocument } from '../../model/worker/documents.ts'
import { SCHEDULER_SILENT_AFTER_MS, schedulerRuns } from '../../model/notify/scheduler-silence.ts'

/**
 * True if the scheduler rewrote its document only as a heartbeat, so that there is no change to
 * show.
 */
export function onlyBeat(before: SchedulerDocument | null, after: SchedulerDocument | null): boolean {
  if (before === null || after === null) return before === after
  const beat = { updatedAt: 0, use: undefined }
  return isDeepStrictEqual({ ...before, ...beat }, { ...after, ...beat })
}

const CHECK_MS = 5_000

/**
 * Time without a new document after which the scheduler is asked whether it responds. It is one
 * check shorter than the limit, so that the reply arrives before the silence would be reported.
 */
const ASK_AFTER_MS = SCHEDULER_SILENT_AFTER_MS - CHECK_MS

/**
 * Silence of a scheduler. `silentMs` is its length if the scheduler does not respond; `unwritten`
 * is the reason why a responding scheduler cannot write its document. Both are null if there is no
 * silence.
 */
export interface Silence {
  readonly silentMs: number | null
  readonly unwritten: string | null
}

const NO_SILENCE: Silence = { silentMs: null, unwritten: null }

/**
 * Measures for how long the scheduler of another process has not written its document. Counts its
 * own checks instead of reading a clock, because the wall clock may jump. The checks also leave out
 * the time during which this process is stopped or the machine sleeps.
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
   * `ask` resolves with the reason why a responding scheduler cannot write its document, or with
   * null if there is none. A scheduler that has not replied by the next check counts as silent.
   * Once the silence reaches the limit, `onChange` receives it at every check, and also receives
   * its end.
   */
  constructor(clock: Clock, ask: () => Promise<string | null>, onChange: (silence: Silence) => void) {
    this.clock = clock
    this.ask = ask
    this.onChange = onChange
  }

  /**
   * Receives the scheduler's current document, which must be the identical object if it was not
   * written again.
   */
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
