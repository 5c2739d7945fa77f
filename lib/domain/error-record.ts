import { z } from 'zod'
import { ERROR_CODES } from '../core/errors.ts'
import type { ErrorRecord as Shape } from '../core/errors.ts'
import { JsonValue } from './json.ts'

const Written = z.object({
  name: z.string(),
  code: z.enum(ERROR_CODES),
  message: z.string(),
  stack: z.string(),
  facts: z.record(z.string(), JsonValue),
})

/** The schema of an error as it stands in files, in the store and on the wire. */
export const ErrorRecord: z.ZodType<Shape, Shape> = Written.extend({
  get cause() {
    return z.exactOptional(ErrorRecord)
  },
})
export type ErrorRecord = Shape
