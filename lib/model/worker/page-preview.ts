import { z } from 'zod'
import { WorkerId } from './documents.ts'
import { Instant } from '../json.ts'

/** Id of a page at one origin. After a navigation to another site the page has another id. */
export const PageId = z.string().regex(/^[0-9]{1,9}-[0-9a-f]{16}$/)

/** The page that a picture shows, and its address without credentials, query and fragment. */
export const ShownPage = z.object({ id: PageId, address: z.string() })
export type ShownPage = z.infer<typeof ShownPage>

/**
 * Worker → viewer: a small picture of the worker's page. `data/state/pictures/<workerId>.json`,
 * written only while a person watches.
 */
export const PagePreview = z.object({
  kind: z.literal('picture'),
  version: z.literal(1),
  workerId: WorkerId,
  at: Instant,
  page: ShownPage,
  width: z.int().positive(),
  height: z.int().positive(),
  /** `width` × `height` pixels, row by row, three bytes each (red, green, blue), in base64. */
  pixels: z.base64(),
})
export type PagePreview = z.infer<typeof PagePreview>
