import { z } from 'zod'

/** See `lib/core/process/program.ts`. */
export const ProgramId = z.object({
  version: z.string().max(100),
  build: z.string().max(100),
  protocol: z.int().positive(),
})
export type ProgramId = z.infer<typeof ProgramId>
