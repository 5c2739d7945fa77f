import { z } from 'zod'
import { Instant } from './json.ts'

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const
export const LogLevel = z.enum(LOG_LEVELS)
export type LogLevel = z.infer<typeof LogLevel>

/**
 * One line of a log file (JSON lines). `source` is its writer: `scheduler`, `worker`, or the name
 * of a service.
 */
export const LogLine = z.object({
  at: Instant,
  level: LogLevel,
  source: z.string(),
  message: z.string(),
  workerId: z.string().optional(),
  jobId: z.int().optional(),
  member: z.int().optional(),
  phase: z.string().optional(),
})
export type LogLine = z.infer<typeof LogLine>
