import { messageOf } from '../lib/core/errors.ts'
import { systemRemedy } from '../lib/core/system-remedy.ts'

/** An error of the system → what happened and what to do; undefined for anything else. */
export function systemTrouble(error: unknown): string | undefined {
  const remedy = systemRemedy(error)
  return remedy === undefined ? undefined : `${messageOf(error)}. ${remedy}, and try again.`
}
