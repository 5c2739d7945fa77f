import { z } from 'zod'
import { ErrorRecord } from '../../model/failure/error-record.ts'
import { ProgramId } from '../../model/worker/program-id.ts'

const Nonce = z.string().regex(/^[0-9a-f]{64}$/)

/**
 * One call of an operation. `seq` assigns the reply to the call. Two calls with the same `id` are
 * the same request.
 */
export const RequestMessage = z.object({
  type: z.literal('request'),
  seq: z.int(),
  id: z.string().min(1).max(100).nullable(),
  name: z.string(),
  input: z.unknown(),
})
export type RequestMessage = z.infer<typeof RequestMessage>

/**
 * Sets the tables whose changes a client receives; null for all tables. A client that has not sent
 * this message receives all changes.
 */
export const FollowMessage = z.object({
  type: z.literal('follow'),
  tables: z.array(z.string().max(100)).max(100).nullable(),
})
export type FollowMessage = z.infer<typeof FollowMessage>

/** Messages that a client sends after the handshake. */
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

/**
 * First message of the owner, with the nonce that the client must sign. Older programs, from before
 * the protocol had a number, leave out `program`.
 */
export const Challenge = z.object({
  type: z.literal('challenge'),
  nonce: Nonce,
  program: z.exactOptional(ProgramId),
})

/** The client's proof that it knows the token, with a nonce for the owner's proof. */
export const Proof = z.object({
  type: z.literal('proof'),
  nonce: Nonce,
  mac: Nonce,
  pid: z.int(),
  program: z.exactOptional(ProgramId),
})

/**
 * The owner's proof that it knows the token. The client sends nothing else before it receives this
 * message.
 */
const Accepted = z.object({ type: z.literal('welcome'), mac: Nonce, program: z.exactOptional(ProgramId) })

/**
 * Refusal of a client that has proved that it knows the token but uses another protocol than the
 * owner.
 */
const Refused = z.object({ type: z.literal('refused'), program: ProgramId })

/** The owner's reply to a proof. */
export const Welcome = z.discriminatedUnion('type', [Accepted, Refused])

/** Messages that an owner sends after the handshake. */
export const FromOwner = z.union([ReplyMessage, ChangeMessage, z.object({ type: z.literal('bye') })])
export type FromOwner = z.infer<typeof FromOwner>
