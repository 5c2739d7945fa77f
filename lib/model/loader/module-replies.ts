import { z } from 'zod'
import { JsonValue } from '../json.ts'

/** Reply of the child that loads a configuration file. */
export const ConfigReply = z.discriminatedUnion('type', [
  z.object({ type: z.literal('config'), values: z.record(z.string(), JsonValue) }),
  z.object({ type: z.literal('refused'), message: z.string() }),
])
export type ConfigReply = z.infer<typeof ConfigReply>

/** Reply of the child that calls the function `proxies` of a configuration file. */
export const ProxiesReply = z.discriminatedUnion('type', [
  z.object({ type: z.literal('proxies'), list: z.array(z.string()) }),
  z.object({ type: z.literal('refused'), message: z.string() }),
])
export type ProxiesReply = z.infer<typeof ProxiesReply>
