import { z } from 'zod'
import { AccountRef } from '../worker/account.ts'
import { ProxyWaitReason } from '../proxy/proxy.ts'

const JobNumber = z.int().positive()

/**
 * Reason why a job waits, as the store records it: other jobs (the number of the first job, and how
 * many more there are), an account that another job uses, or a proxy.
 */
export const WaitReason = z.discriminatedUnion('why', [
  z.object({ why: z.literal('jobs'), jobs: z.array(JobNumber).min(1), more: z.int().min(0) }),
  AccountRef.extend({ why: z.literal('account'), jobId: JobNumber.nullable() }),
  ...ProxyWaitReason.options,
])
export type WaitReason = z.infer<typeof WaitReason>
