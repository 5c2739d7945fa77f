import { z } from 'zod'

/**
 * What has to change before a message that was refused can go out: the bot's `token`, the `chat`, the `address` or the `authorization` of a webhook, or nothing but
 * the `message` itself.
 */
export const DELIVERY_REJECTIONS = ['token', 'chat', 'address', 'authorization', 'message'] as const
export const DeliveryRejection = z.enum(DELIVERY_REJECTIONS)
export type DeliveryRejection = z.infer<typeof DeliveryRejection>
