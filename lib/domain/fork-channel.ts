import { z } from 'zod'
import { StopReason } from './outcome.ts'

/** What goes over the fork channel, and nothing else: data goes through files and the store. */
export const ToWorker = z.discriminatedUnion('type', [
  z.object({ type: z.literal('stop'), reason: StopReason }),
  z.object({ type: z.literal('wake') }),
])
export type ToWorker = z.infer<typeof ToWorker>

export const FromWorker = z.discriminatedUnion('type', [z.object({ type: z.literal('ready') })])
export type FromWorker = z.infer<typeof FromWorker>
