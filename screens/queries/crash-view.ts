import type { CrashDetail } from '../../lib/app/port/lookup.ts'

/** Facts of the selected crash, and the pending requests about it. */
export interface CrashView {
  readonly detail: CrashDetail | null
  readonly readAt: number
  readonly stale: boolean
  /** Log file to open, and the time of the crash in it; null if no log is to be opened. */
  readonly jump: { readonly path: string; readonly at: number } | null
}
