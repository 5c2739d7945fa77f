import { z } from 'zod'
import { ERROR_CODES } from '../../core/errors/error-codes.ts'
import type { ErrorRecord as Shape } from '../../core/errors/errors.ts'
import { BROWSERS_AFTER, RETRIES } from '../../core/errors/recovery.ts'
import type { Recovery as RecoveryShape } from '../../core/errors/recovery.ts'
import { JsonValue } from '../json.ts'

export const Recovery: z.ZodType<RecoveryShape, RecoveryShape> = z.object({
  retry: z.enum(RETRIES),
  browser: z.enum(BROWSERS_AFTER),
})
export type Recovery = RecoveryShape

const Written = z.object({
  name: z.string(),
  code: z.enum(ERROR_CODES),
  message: z.string(),
  stack: z.string(),
  facts: z.record(z.string(), JsonValue),
  recovery: z.exactOptional(Recovery),
})

/** The schema of an error in files, in the store and on the wire. */
export const ErrorRecord: z.ZodType<Shape, Shape> = Written.extend({
  get cause() {
    return z.exactOptional(ErrorRecord)
  },
})
export type ErrorRecord = Shape
