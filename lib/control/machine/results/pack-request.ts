import { z } from 'zod'

/** Control → the packing thread: a recording, and the archive that it shall become. Absolute paths. */
export const PackRequest = z.object({
  id: z.int(),
  recording: z.object({ stem: z.string(), lines: z.string(), frames: z.string() }),
  zipFile: z.string(),
  /** Why what had not ended did not end. */
  reason: z.string(),
})
export type PackRequest = z.infer<typeof PackRequest>

/** The packing thread → Control: it is done, or why not. */
export const PackReply = z.object({ id: z.int(), error: z.string().nullable() })
export type PackReply = z.infer<typeof PackReply>
