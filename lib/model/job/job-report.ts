import { z } from 'zod'
import { CrashSummary } from '../failure/crash.ts'
import { Instant } from '../json.ts'
import { Job } from './job.ts'
import { MemberRecord } from './member-record.ts'

/**
 * Everything that is known of one job, to be read or handed on: `automate-tui report`. Without its input, which may hold what is not to be handed on.
 */
export const JobReport = z.object({
  kind: z.literal('report'),
  version: z.literal(1),
  writtenAt: Instant,
  job: Job.omit({ input: true }),
  /** The workers that have ended, attempt by attempt. */
  members: z.array(MemberRecord),
  /** Newest first. */
  crashes: z.array(CrashSummary),
})
export type JobReport = z.infer<typeof JobReport>
