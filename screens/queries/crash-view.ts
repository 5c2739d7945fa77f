import type { CrashDetail } from '../../lib/app/port/lookup.ts'

/** Facts of the selected crash, and the requests for more. */
export interface CrashView {
  readonly detail: CrashDetail | null
  readonly readAt: number
  readonly stale: boolean
  /** Crash for which the log is to be opened. */
  readonly jump: { readonly path: string; readonly at: number } | null
}
