import { z } from 'zod'
import { Instant } from './json.ts'

/** Maximum number of stored samples: one a minute for a day. */
export const MAX_SAMPLES = 1_440

/**
 * Combined use of the machine by the scheduler's process and by the workers with their browsers:
 * memory in bytes, and the processor in percent of one processor. `schedulerBytes` is the memory of
 * the scheduler alone.
 */
const Sample = z.object({
  at: Instant,
  workers: z.int().nonnegative(),
  schedulerBytes: z.int().nonnegative(),
  memoryBytes: z.int().nonnegative(),
  cpuPercent: z.number().nonnegative(),
})
export type MetricsSample = z.infer<typeof Sample>

/** Samples of the last day, oldest first. Stored in `data/metrics.json`. */
export const MetricsDocument = z.object({
  kind: z.literal('metrics'),
  version: z.literal(1),
  samples: z.array(Sample).max(MAX_SAMPLES),
})
export type MetricsDocument = z.infer<typeof MetricsDocument>
