import { z } from 'zod'

/**
 * What has to change before a message that was refused can go out: the bot's `token`, the `chat`, the `address` or the `authorization` of a webhook, or nothing but
 * the `message` itself.
 */
export const REFUSALS = ['token', 'chat', 'address', 'authorization', 'message'] as const
export const Refusal = z.enum(REFUSALS)
export type Refusal = z.infer<typeof Refusal>
