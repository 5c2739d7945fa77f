import { z } from 'zod'

/** A process of this machine, distinguished from all other processes with the same pid. */
export const ProcessIdentity = z.object({
  pid: z.int().positive(),
  /**
   * Start of the process in a form of the system's own, without spaces. Compared only for equality.
   */
  started: z.string().regex(/^\S+$/),
})
export type ProcessIdentity = z.infer<typeof ProcessIdentity>
