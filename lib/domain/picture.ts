import { z } from 'zod'
import { WorkerId } from './documents.ts'
import { Instant } from './json.ts'

/** Worker → whoever looks: its page in a few pixels. `data/state/pictures/<workerId>.json`, only while somebody looks. */
export const PictureDocument = z.object({
  kind: z.literal('picture'),
  version: z.literal(1),
  workerId: WorkerId,
  at: Instant,
  width: z.int().positive(),
  height: z.int().positive(),
  /** `width` × `height` pixels, row by row, three bytes each (red, green, blue), in base64. */
  pixels: z.base64(),
})
export type PictureDocument = z.infer<typeof PictureDocument>
