import { z } from 'zod'

/**
 * Message of Control to the packing thread: a recording, and the archive to make. Absolute paths.
 */
export const PackRequest = z.object({
  id: z.int(),
  recording: z.object({ stem: z.string(), lines: z.string(), frames: z.string() }),
  zipFile: z.string(),
  /** Reason why unfinished entries did not end. */
  reason: z.string(),
})
export type PackRequest = z.infer<typeof PackRequest>

/** Reply of the packing thread to Control: null if done, or the error. */
export const PackReply = z.object({ id: z.int(), error: z.string().nullable() })
export type PackReply = z.infer<typeof PackReply>
