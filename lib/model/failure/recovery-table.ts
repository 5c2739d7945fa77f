import { z } from 'zod'
import { ERROR_CODES } from '../../core/errors/error-codes.ts'
import { BROWSERS_AFTER, RETRIES } from '../../core/errors/recovery.ts'

/** Changes to a recovery. An omitted field keeps its value. */
export const RecoveryRule = z.strictObject({
  retry: z.exactOptional(z.enum(RETRIES)),
  browser: z.exactOptional(z.enum(BROWSERS_AFTER)),
})
export type RecoveryRule = z.infer<typeof RecoveryRule>

/** A workflow's recoveries, by error code. Codes that are absent have their default recovery. */
export const RecoveryTable = z.partialRecord(z.enum(ERROR_CODES), RecoveryRule)
export type RecoveryTable = z.infer<typeof RecoveryTable>
