import { z } from 'zod'
import { BenchOptions, Measurement } from './competitor.ts'

/**
 * What the runner tells the process of a competitor; it says `leave` once it has read that
 * process's CPU time.
 */
export const ToCompetitor = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('go'), options: BenchOptions }),
  z.object({ kind: z.literal('leave') }),
])
export type ToCompetitor = z.infer<typeof ToCompetitor>

/** The first answer: everything is loaded. */
export const Ready = z.object({ kind: z.literal('ready') })

/** The second answer: how the run ended. */
export const RunEnding = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done'), measurement: Measurement }),
  z.object({ kind: z.literal('unfit'), reason: z.string() }),
  z.object({ kind: z.literal('failed'), reason: z.string() }),
])
export type RunEnding = z.infer<typeof RunEnding>
