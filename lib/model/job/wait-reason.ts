import { z } from 'zod'
import { AccountRef } from '../worker/account.ts'
import { ProxyWaitReason } from '../proxy/proxy.ts'

const JobNumber = z.int().positive()

/**
 * Reason of a job's wait, as the store notes it: other jobs (the first, and the number of others),
 * an account in use by another job, or a proxy.
 */
export const WaitReason = z.discriminatedUnion('why', [
  z.object({ why: z.literal('jobs'), jobs: z.array(JobNumber).min(1), more: z.int().min(0) }),
  AccountRef.extend({ why: z.literal('account'), jobId: JobNumber.nullable() }),
  ...ProxyWaitReason.options,
])
export type WaitReason = z.infer<typeof WaitReason>
