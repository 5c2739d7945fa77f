import type { CrashDetail } from '../../lib/app/port/lookup.ts'

/** What is known of the crash that is selected, and what is wanted of it. */
export interface CrashView {
  readonly detail: CrashDetail | null
  readonly readAt: number
  readonly stale: boolean
  /** The crash whose place in the log is to be shown. */
  readonly jump: { readonly path: string; readonly at: number } | null
}
