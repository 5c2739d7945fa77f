import { z } from 'zod'

/** Request of Control to the packing thread for the archive of a recording. Paths are absolute. */
export const PackRequest = z.object({
  id: z.int(),
  recording: z.object({ stem: z.string(), lines: z.string(), frames: z.string() }),
  zipFile: z.string(),
  /** Reason why unfinished entries did not end. */
  reason: z.string(),
})
export type PackRequest = z.infer<typeof PackRequest>

/** Reply of the packing thread to Control. `error` is null if the archive is done. */
export const PackReply = z.object({ id: z.int(), error: z.string().nullable() })
export type PackReply = z.infer<typeof PackReply>
