import { z } from 'zod'
import { ErrorRecord } from '../failure/error-record.ts'
import { WorkflowDescription } from '../job/workflow.ts'

/**
 * Request to the child that loads workflow modules, to describe the workflows of a file. The token
 * distinguishes the child's replies from messages that a module sends.
 */
export const DescribeRequest = z.object({ type: z.literal('describe'), token: z.string(), file: z.string() })
export type DescribeRequest = z.infer<typeof DescribeRequest>

export const DescribeReply = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('described'), token: z.string(), description: WorkflowDescription }),
  z.object({ type: z.literal('broken'), token: z.string(), error: ErrorRecord }),
])
export type DescribeReply = z.infer<typeof DescribeReply>
