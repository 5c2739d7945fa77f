import { z } from 'zod'
import { ErrorRecord } from '../../model/failure/error-record.ts'
import { ProgramId } from '../../model/worker/program-id.ts'

const Nonce = z.string().regex(/^[0-9a-f]{64}$/)

/** One call of an operation. `seq` pairs the answer with it; `id` says that two are the same request. */
export const RequestMessage = z.object({
  type: z.literal('request'),
  seq: z.int(),
  id: z.string().min(1).max(100).nullable(),
  name: z.string(),
  input: z.unknown(),
})
export type RequestMessage = z.infer<typeof RequestMessage>

/** Whose changes a client wants to be told; null for all, as before its first word of this. */
export const FollowMessage = z.object({
  type: z.literal('follow'),
  tables: z.array(z.string().max(100)).max(100).nullable(),
})
export type FollowMessage = z.infer<typeof FollowMessage>

/** What a client sends after the handshake. */
export const FromClient = z.discriminatedUnion('type', [RequestMessage, FollowMessage])

export const ReplyMessage = z.discriminatedUnion('ok', [
  z.object({ type: z.literal('reply'), seq: z.int(), ok: z.literal(true), output: z.unknown() }),
  z.object({ type: z.literal('reply'), seq: z.int(), ok: z.literal(false), error: ErrorRecord }),
])
export type ReplyMessage = z.infer<typeof ReplyMessage>

export const ChangeMessage = z.object({
  type: z.literal('change'),
  tables: z.array(z.string()),
  revision: z.int(),
})
export type ChangeMessage = z.infer<typeof ChangeMessage>

/** The owner begins: what the client must sign. Programs from before the protocol had a number leave out `program`. */
export const Challenge = z.object({
  type: z.literal('challenge'),
  nonce: Nonce,
  program: z.exactOptional(ProgramId),
})

/** The client proves the token, and asks the owner to do the same. */
export const Proof = z.object({
  type: z.literal('proof'),
  nonce: Nonce,
  mac: Nonce,
  pid: z.int(),
  program: z.exactOptional(ProgramId),
})

/** The owner proves the token in turn. Only now does the client send anything. */
const Accepted = z.object({ type: z.literal('welcome'), mac: Nonce, program: z.exactOptional(ProgramId) })

/** The owner and a client that has proved the token speak different protocols. */
const Refused = z.object({ type: z.literal('refused'), program: ProgramId })

/** The owner's reply to a proof. */
export const Welcome = z.discriminatedUnion('type', [Accepted, Refused])

/** What an owner sends after the handshake. */
export const FromOwner = z.union([ReplyMessage, ChangeMessage, z.object({ type: z.literal('bye') })])
export type FromOwner = z.infer<typeof FromOwner>
