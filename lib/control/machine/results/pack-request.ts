import { z } from 'zod'

/** Request of the control layer to the packing thread to pack a recording. Paths are absolute. */
export const PackRequest = z.object({
  id: z.int(),
  recording: z.object({ stem: z.string(), lines: z.string(), frames: z.string() }),
  zipFile: z.string(),
  /** Text that explains why unfinished entries of the recording have no end. */
  reason: z.string(),
})
export type PackRequest = z.infer<typeof PackRequest>

/** Reply of the packing thread to the control layer. `error` is null if the archive is complete. */
export const PackReply = z.object({ id: z.int(), error: z.string().nullable() })
export type PackReply = z.infer<typeof PackReply>
