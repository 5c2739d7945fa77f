import { z } from 'zod'
import { Instant } from '../json.ts'
import { ProcessIdentity } from './process-identity.ts'

/** Who holds a port until its Chrome has it. `data/ports/<port>.json`. */
export const PortLock = z.object({
  kind: z.literal('port-lock'),
  version: z.literal(1),
  port: z.int().min(1).max(65_535),
  owner: ProcessIdentity,
  since: Instant,
})
export type PortLock = z.infer<typeof PortLock>
