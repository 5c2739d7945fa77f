import { z } from 'zod'
import { ErrorRecord } from '../../model/failure/error-record.ts'
import { OwnerRecord } from '../ownership/owner-record.ts'
import { ChangeMessage, ReplyMessage, RequestMessage } from '../endpoint/messages.ts'

/** First message to the store's thread. */
export const ThreadData = z.object({
  database: z.string(),
  /** Path of the file with the owner's announcement. */
  announcement: z.string(),
  announced: OwnerRecord,
  migrations: z.string().nullable(),
  now: z.int(),
  /** Build of the program in the owner, which must be the same in its thread. */
  build: z.string(),
})
export type ThreadData = z.infer<typeof ThreadData>

export const ToThread = z.discriminatedUnion('type', [
  /**
   * Calls that the owner's process made in one turn of its event loop, which are committed
   * together.
   */
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
  /** Report that the endpoint was repaired, or that the repair has failed. */
  z.object({ type: z.literal('endpoint'), endpoint: z.string(), message: z.string().nullable() }),
  z.object({ type: z.literal('lost') }),
  z.object({ type: z.literal('closed') }),
])
export type ThreadSays = z.infer<typeof ThreadSays>

/**
 * Messages that the thread sends in one turn of its event loop, in order. They are sent together,
 * because waking the other thread costs more than a reply.
 */
export const FromThread = z.array(ThreadSays)
export type FromThread = z.infer<typeof FromThread>

/** The part of a worker thread that an owner uses for its store. */
export interface StoreThread {
  postMessage(message: ThreadData | ToThread): void
  on(event: 'message', listener: (message: unknown) => void): unknown
  on(event: 'error' | 'messageerror', listener: (thrown: unknown) => void): unknown
  on(event: 'exit', listener: () => void): unknown
  terminate(): unknown
}
