import { z } from 'zod'

/** Identifies one process of this machine, even if another process has had the same pid. */
export const ProcessIdentity = z.object({
  pid: z.int().positive(),
  /**
   * Start time of the process, in a form that depends on the operating system and has no spaces. It
   * is only compared for equality.
   */
  started: z.string().regex(/^\S+$/),
})
export type ProcessIdentity = z.infer<typeof ProcessIdentity>
