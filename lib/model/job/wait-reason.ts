import { z } from 'zod'
import { AccountRef } from '../worker/account.ts'
import { ProxyWaitReason } from '../proxy/proxy.ts'

const JobNumber = z.int().positive()

/** Why a job waits, as the store notes it on the job: for other jobs (the first of them, and how many more), for its account while another job uses it, or for a proxy. */
export const WaitReason = z.discriminatedUnion('why', [
  z.object({ why: z.literal('jobs'), jobs: z.array(JobNumber).min(1), more: z.int().min(0) }),
  AccountRef.extend({ why: z.literal('account'), jobId: JobNumber.nullable() }),
  ...ProxyWaitReason.options,
])
export type WaitReason = z.infer<typeof WaitReason>
