import { z } from 'zod'

export const TRACE_KEPT = ['off', 'on-failure', 'always'] as const

/** Settings of the trace that a worker records of its part of a job. */
export const TraceSettings = z.object({
  /**
   * `off`: nothing is recorded except the last picture of a slow phase. `on-failure`: the trace is
   * recorded, and is kept only if the part fails.
   */
  keep: z.enum(TRACE_KEPT),
  /** Maximum size of the recording, in bytes. */
  limitBytes: z.int().positive(),
})
export type TraceSettings = z.infer<typeof TraceSettings>

/** Returns the command that opens a packed trace with Node. A path with spaces is quoted. */
export function showTraceCommand(path: string): string {
  return `npx playwright show-trace ${path.includes(' ') ? JSON.stringify(path) : path}`
}
