import { z } from 'zod'
import { ERROR_CODES } from '../../core/errors/error-codes.ts'
import { Instant } from '../json.ts'

/**
 * Name of a phase: a word such as `open_shop` or `add-step`, which also appears in file names, logs
 * and messages.
 */
export const PhaseName = z.string().regex(/^[a-z][a-z0-9_-]{0,39}$/i)

/** Position of a worker: phase `index` of `count` (1-based), and the current step. */
export const PhasePosition = z.object({
  index: z.int().positive(),
  count: z.int().positive(),
  name: PhaseName,
  /**
   * Step that the phase has reported last; empty before its first step. Nested steps are a path,
   * `cart > button`.
   */
  step: z.string(),
  /** Current try of the phase (1-based), if the phase has retries of its own. */
  try: z.exactOptional(z.object({ index: z.int().positive(), count: z.int().positive() })),
})
export type PhasePosition = z.infer<typeof PhasePosition>

/**
 * The running phase. The outer watchdog acts if `deadlineAt` has passed and the worker has not
 * ended the phase itself.
 */
export const LivePhase = PhasePosition.extend({ startedAt: Instant, deadlineAt: Instant })
export type LivePhase = z.infer<typeof LivePhase>

export const PHASE_STATUSES = ['done', 'failed', 'timed-out', 'cancelled'] as const

/**
 * One step of a phase. `failed` is true if the step, or the phase during the step, ended with an
 * error.
 */
export const StepRecord = z.object({
  path: z.string(),
  startedAt: Instant,
  endedAt: Instant,
  failed: z.boolean(),
})
export type StepRecord = z.infer<typeof StepRecord>

/** A phase that has ended, or one try of it, with its last step. */
export const PhaseRecord = PhasePosition.extend({
  status: z.enum(PHASE_STATUSES),
  startedAt: Instant,
  endedAt: Instant,
  /**
   * Steps of the phase, oldest first. If there are many, only the last ones are stored;
   * `stepsLeftOut` is the number of the others.
   */
  steps: z.exactOptional(z.array(StepRecord)),
  stepsLeftOut: z.exactOptional(z.int().positive()),
  /** Error that the phase ended with. */
  error: z.exactOptional(z.object({ name: z.string(), code: z.enum(ERROR_CODES), message: z.string() })),
})
export type PhaseRecord = z.infer<typeof PhaseRecord>

/**
 * Returns a phase as text, `4/6 add_step (try 2/3): button Add to cart`. State files, logs and
 * reports use this form, and so does the screen, with `tryWords` in its language.
 */
export function formatPhase(
  { index, count, name, step, try: current }: PhasePosition,
  tryWords: (index: number, count: number) => string = (n, of) => `try ${n}/${of}`,
): string {
  const again = current === undefined ? '' : ` (${tryWords(current.index, current.count)})`
  return `${index}/${count} ${name}${again}${step === '' ? '' : `: ${step}`}`
}

/** Returns the position of a phase without its further details. */
export function positionOf({ index, count, name, step, try: current }: PhasePosition): PhasePosition {
  return { index, count, name, step, ...(current === undefined ? {} : { try: current }) }
}
