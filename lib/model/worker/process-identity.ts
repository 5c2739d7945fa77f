import { z } from 'zod'

/** A process of this machine, told from every other that had or will have its pid. */
export const ProcessIdentity = z.object({
  pid: z.int().positive(),
  /** When it started, in a form of the system's own, without spaces; only ever compared for equality. */
  started: z.string().regex(/^\S+$/),
})
export type ProcessIdentity = z.infer<typeof ProcessIdentity>
