import { z } from 'zod'

export const TRACE_KEPT = ['off', 'on-failure', 'always'] as const

/** Settings of the trace of a worker's part of a job. */
export const TraceSettings = z.object({
  /**
   * `off`: records nothing except the last picture of a slow phase. `on-failure`: records, and
   * stores the recording if the part fails.
   */
  keep: z.enum(TRACE_KEPT),
  /** Most bytes of the recording. */
  limitBytes: z.int().positive(),
})
export type TraceSettings = z.infer<typeof TraceSettings>

/** Returns the command that opens a packed trace with Node. A path with spaces is quoted. */
export function showTraceCommand(path: string): string {
  return `npx playwright show-trace ${path.includes(' ') ? JSON.stringify(path) : path}`
}
