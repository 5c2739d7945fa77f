import { z } from 'zod'
import { ErrorRecord } from '../../model/failure/error-record.ts'
import { OwnerRecord } from '../ownership/owner-record.ts'
import { ChangeMessage, ReplyMessage, RequestMessage } from '../endpoint/messages.ts'

/** First message to the store's thread. */
export const ThreadData = z.object({
  database: z.string(),
  /** Path of the announcement. */
  announcement: z.string(),
  announced: OwnerRecord,
  migrations: z.string().nullable(),
  now: z.int(),
  /** Build of the owner, which its thread must have too. */
  build: z.string(),
})
export type ThreadData = z.infer<typeof ThreadData>

export const ToThread = z.discriminatedUnion('type', [
  /** Calls of the owner's process in one turn of its loop, committed together. */
  z.object({
    type: z.literal('requests'),
    requests: z.array(RequestMessage.extend({ at: z.number(), steadyAt: z.number() })),
  }),
  z.object({ type: z.literal('close') }),
  z.object({ type: z.literal('lost') }),
])
export type ToThread = z.infer<typeof ToThread>

const ThreadSays = z.union([
  ReplyMessage,
  ChangeMessage,
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('failed'), error: ErrorRecord }),
  z.object({ type: z.literal('client'), client: z.int(), pid: z.int().nullable(), connected: z.boolean() }),
  /** Report of a repair of the endpoint, or of a failed one. */
  z.object({ type: z.literal('endpoint'), endpoint: z.string(), message: z.string().nullable() }),
  z.object({ type: z.literal('lost') }),
  z.object({ type: z.literal('closed') }),
])
export type ThreadSays = z.infer<typeof ThreadSays>

/**
 * Messages of the thread in one turn of its loop, in order. They are sent together, because each
 * waking of the other thread costs more than a reply.
 */
export const FromThread = z.array(ThreadSays)
export type FromThread = z.infer<typeof FromThread>

/** Part of a thread that an owner uses for its store's work. */
export interface StoreThread {
  postMessage(message: ThreadData | ToThread): void
  on(event: 'message', listener: (message: unknown) => void): unknown
  on(event: 'error' | 'messageerror', listener: (thrown: unknown) => void): unknown
  on(event: 'exit', listener: () => void): unknown
  terminate(): unknown
}
