import { z } from 'zod'

/**
 * The required change before a refused message can be sent: the bot's `token`, the `chat`, the
 * `address` or the `authorization` of a webhook, or only the `message` itself.
 */
export const DELIVERY_REJECTIONS = ['token', 'chat', 'address', 'authorization', 'message'] as const
export const DeliveryRejection = z.enum(DELIVERY_REJECTIONS)
export type DeliveryRejection = z.infer<typeof DeliveryRejection>
