import { z } from 'zod'

export const TRACE_KEPT = ['off', 'on-failure', 'always'] as const

/** What a worker is told about the trace of its part of a job. */
export const TraceSettings = z.object({
  /** `off`: none is recorded, but for the last picture of a slow phase; `on-failure`: recorded, and kept when the part fails. */
  keep: z.enum(TRACE_KEPT),
  /** Most bytes that the recording may take. */
  limitBytes: z.int().positive(),
})
export type TraceSettings = z.infer<typeof TraceSettings>

/** What opens a packed trace, for whoever has Node. A path with spaces is quoted. */
export function showTraceCommand(path: string): string {
  return `npx playwright show-trace ${path.includes(' ') ? JSON.stringify(path) : path}`
}
