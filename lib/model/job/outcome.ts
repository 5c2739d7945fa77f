import { z } from 'zod'
import { ErrorRecord } from '../failure/error-record.ts'
import { JsonValue } from '../json.ts'
import { PhasePosition } from './phase.ts'

/**
 * Why a worker was asked to stop; `sibling-failed`: too few of its job's workers are left; `deadline`: the job's time is up; `account-busy`: it stopped by itself, since another job uses
 * its account.
 */
export const STOP_REASONS = [
  'cancelled',
  'target-met',
  'sibling-failed',
  'deadline',
  'restart',
  'account-busy',
  'drain',
  'shutdown',
] as const
export const StopReason = z.enum(STOP_REASONS)
export type StopReason = z.infer<typeof StopReason>

/** How one worker's part of a job ended. What a worker could not say itself, Control says for it (`crashed`). */
export const Outcome = z.discriminatedUnion('status', [
  z.object({ status: z.literal('succeeded'), result: JsonValue }),
  z.object({ status: z.literal('failed'), error: ErrorRecord, phase: PhasePosition.nullable() }),
  z.object({ status: z.literal('timed-out'), error: ErrorRecord, phase: PhasePosition.nullable() }),
  z.object({
    status: z.literal('cancelled'),
    reason: StopReason,
    phase: PhasePosition.nullable(),
    /** What failed in its clean-up: too late to be the reason of anything. */
    late: z.exactOptional(z.string()),
  }),
  z.object({
    status: z.literal('crashed'),
    error: ErrorRecord,
    phase: PhasePosition.nullable(),
    exitCode: z.int().nullable(),
    signal: z.string().nullable(),
  }),
])
export type Outcome = z.infer<typeof Outcome>
