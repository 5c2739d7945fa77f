import { z } from 'zod'
import { CrashSummary } from '../failure/crash.ts'
import { Instant } from '../json.ts'
import { Job } from './job.ts'
import { MemberRecord } from './member-record.ts'

/**
 * All facts about one job, to be read or shared (`automate-tui report`). The input is left out,
 * because it may contain private values.
 */
export const JobReport = z.object({
  kind: z.literal('report'),
  version: z.literal(1),
  writtenAt: Instant,
  job: Job.omit({ input: true }),
  /** Workers that have ended, in the order of the attempts. */
  members: z.array(MemberRecord),
  /** Newest first. */
  crashes: z.array(CrashSummary),
})
export type JobReport = z.infer<typeof JobReport>
