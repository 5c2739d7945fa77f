import { z } from 'zod'
import { Instant } from './json.ts'

/** So many samples are kept, one a minute: a day of them. */
export const MAX_SAMPLES = 1_440

/** What the scheduler's process and its workers with their browsers used together. Bytes, and percent of one processor. */
const Sample = z.object({
  at: Instant,
  workers: z.int().nonnegative(),
  schedulerBytes: z.int().nonnegative(),
  memoryBytes: z.int().nonnegative(),
  cpuPercent: z.number().nonnegative(),
})
export type MetricsSample = z.infer<typeof Sample>

/** What the last day used, oldest first. `data/metrics.json`. */
export const MetricsDocument = z.object({
  kind: z.literal('metrics'),
  version: z.literal(1),
  samples: z.array(Sample).max(MAX_SAMPLES),
})
export type MetricsDocument = z.infer<typeof MetricsDocument>
