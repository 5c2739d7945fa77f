import { z } from 'zod'
import { BenchOptions, Measurement } from './competitor.ts'

/**
 * Messages from the runner to the process of a competitor. The runner sends `leave` after it has
 * read the process's CPU time.
 */
export const ToCompetitor = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('go'), options: BenchOptions }),
  z.object({ kind: z.literal('leave') }),
])
export type ToCompetitor = z.infer<typeof ToCompetitor>

/** First reply: everything is loaded. */
export const Ready = z.object({ kind: z.literal('ready') })

/** Second reply: the result of the run. */
export const RunEnding = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done'), measurement: Measurement }),
  z.object({ kind: z.literal('unfit'), reason: z.string() }),
  z.object({ kind: z.literal('failed'), reason: z.string() }),
])
export type RunEnding = z.infer<typeof RunEnding>
