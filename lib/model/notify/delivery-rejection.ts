import { z } from 'zod'

/**
 * The part that must change before a refused message can be sent: the bot's `token`, the `chat`,
 * the `address` or the `authorization` of a webhook, or the `message` itself.
 */
export const DELIVERY_REJECTIONS = ['token', 'chat', 'address', 'authorization', 'message'] as const
export const DeliveryRejection = z.enum(DELIVERY_REJECTIONS)
export type DeliveryRejection = z.infer<typeof DeliveryRejection>
