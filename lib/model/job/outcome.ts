import { z } from 'zod'
import { ErrorRecord } from '../failure/error-record.ts'
import { JsonValue } from '../json.ts'
import { PhasePosition } from './phase.ts'

/**
 * Reason why a worker is stopped. `sibling-failed`: too few of the job's other workers remain.
 * `deadline`: the job's time is up. `account-busy`: the worker stopped by itself, because another
 * job uses its account.
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

/**
 * Outcome of one worker's part of a job. If a worker could not write its outcome itself, Control
 * writes the outcome `crashed`.
 */
export const Outcome = z.discriminatedUnion('status', [
  z.object({ status: z.literal('succeeded'), result: JsonValue }),
  z.object({ status: z.literal('failed'), error: ErrorRecord, phase: PhasePosition.nullable() }),
  z.object({ status: z.literal('timed-out'), error: ErrorRecord, phase: PhasePosition.nullable() }),
  z.object({
    status: z.literal('cancelled'),
    reason: StopReason,
    phase: PhasePosition.nullable(),
    /** Failure of the clean-up after the cancellation. The outcome remains `cancelled`. */
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
