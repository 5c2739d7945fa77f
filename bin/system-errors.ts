import { messageOf } from '../lib/core/errors/errors.ts'
import { systemRemedy } from '../lib/core/errors/system-remedy.ts'

/** An error of the system → what happened and what to do; undefined for anything else. */
export function explainSystemError(error: unknown): string | undefined {
  const remedy = systemRemedy(error)
  return remedy === undefined ? undefined : `${messageOf(error)}. ${remedy}, and try again.`
}
