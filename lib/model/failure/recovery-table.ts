import { z } from 'zod'
import { ERROR_CODES } from '../../core/errors/error-codes.ts'
import { BROWSERS_AFTER, RETRIES } from '../../core/errors/recovery.ts'

/** A part of a recovery: what it does not say stays as it was. */
export const RecoveryRule = z.strictObject({
  retry: z.exactOptional(z.enum(RETRIES)),
  browser: z.exactOptional(z.enum(BROWSERS_AFTER)),
})
export type RecoveryRule = z.infer<typeof RecoveryRule>

/** How a workflow answers the errors of a code, where that differs from the code's default. */
export const RecoveryTable = z.partialRecord(z.enum(ERROR_CODES), RecoveryRule)
export type RecoveryTable = z.infer<typeof RecoveryTable>
