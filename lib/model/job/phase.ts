import { z } from 'zod'
import { ERROR_CODES } from '../../core/errors/error-codes.ts'
import { Instant } from '../json.ts'

/** Phase names are words that stand in file names, logs and messages: `open_shop`, `add-step`. */
export const PhaseName = z.string().regex(/^[a-z][a-z0-9_-]{0,39}$/i)

/** Where a worker is: phase `index` of `count` (1-based), and what it is doing in it right now. */
export const PhasePosition = z.object({
  index: z.int().positive(),
  count: z.int().positive(),
  name: PhaseName,
  /** What the phase says that it does, empty until then; nested steps are a path: `cart > button`. */
  step: z.string(),
  /** Which try of the phase it is (1-based), where the phase has retries of its own. */
  try: z.exactOptional(z.object({ index: z.int().positive(), count: z.int().positive() })),
})
export type PhasePosition = z.infer<typeof PhasePosition>

/** The phase that runs now. The outer watchdog acts when `deadlineAt` has passed and the worker has not. */
export const LivePhase = PhasePosition.extend({ startedAt: Instant, deadlineAt: Instant })
export type LivePhase = z.infer<typeof LivePhase>

export const PHASE_STATUSES = ['done', 'failed', 'timed-out', 'cancelled'] as const

/** One step of a phase, by its path. `failed` when it, or the phase in it, ended with an error. */
export const StepRecord = z.object({
  path: z.string(),
  startedAt: Instant,
  endedAt: Instant,
  failed: z.boolean(),
})
export type StepRecord = z.infer<typeof StepRecord>

/** A phase that has ended, or one try of it, with the last step it named. */
export const PhaseRecord = PhasePosition.extend({
  status: z.enum(PHASE_STATUSES),
  startedAt: Instant,
  endedAt: Instant,
  /** Its steps, oldest first; of many only the last, and how many were left out before them. */
  steps: z.exactOptional(z.array(StepRecord)),
  stepsLeftOut: z.exactOptional(z.int().positive()),
  /** What it failed with. */
  error: z.exactOptional(z.object({ name: z.string(), code: z.enum(ERROR_CODES), message: z.string() })),
})
export type PhaseRecord = z.infer<typeof PhaseRecord>

/** `4/6 add_step (try 2/3): button Add to cart`, the form used in state files, logs, reports and, in its language, on the screen. */
export function formatPhase(
  { index, count, name, step, try: current }: PhasePosition,
  tryWords: (index: number, count: number) => string = (n, of) => `try ${n}/${of}`,
): string {
  const again = current === undefined ? '' : ` (${tryWords(current.index, current.count)})`
  return `${index}/${count} ${name}${again}${step === '' ? '' : `: ${step}`}`
}

/** Where a phase is, without what else is known of it. */
export function positionOf({ index, count, name, step, try: current }: PhasePosition): PhasePosition {
  return { index, count, name, step, ...(current === undefined ? {} : { try: current }) }
}
