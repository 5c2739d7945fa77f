import { z } from 'zod'
import { Instant } from './json.ts'

/** Phase names are words that stand in file names, logs and messages: `open_shop`, `add-step`. */
export const PhaseName = z.string().regex(/^[a-z][a-z0-9_-]{0,39}$/i)

/** Where a worker is: phase `index` of `count` (1-based), and what it is doing in it right now. */
export const PhasePosition = z.object({
  index: z.int().positive(),
  count: z.int().positive(),
  name: PhaseName,
  /** Empty until the phase says what it does. */
  step: z.string(),
})
export type PhasePosition = z.infer<typeof PhasePosition>

/** The phase that runs now. The outer watchdog acts when `deadlineAt` has passed and the worker has not. */
export const LivePhase = PhasePosition.extend({ startedAt: Instant, deadlineAt: Instant })
export type LivePhase = z.infer<typeof LivePhase>

export const PHASE_STATUSES = ['done', 'failed', 'timed-out', 'cancelled'] as const

/** A phase that has ended, with the last step it named. */
export const PhaseRecord = PhasePosition.extend({
  status: z.enum(PHASE_STATUSES),
  startedAt: Instant,
  endedAt: Instant,
})
export type PhaseRecord = z.infer<typeof PhaseRecord>

/** `4/6 add_step: button Add to cart`, the form used in state files, logs, reports and on the screen. */
export function formatPhase({ index, count, name, step }: PhasePosition): string {
  return `${index}/${count} ${name}${step === '' ? '' : `: ${step}`}`
}
