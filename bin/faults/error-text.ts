import { isAutomateError, messageOf } from '../../lib/core/errors/errors.ts'
import { sanitiseBlock } from '../../lib/core/text/sanitise.ts'
import { knownSecrets } from '../../lib/core/secrets/known-secrets.ts'
import { systemRemedy } from '../../lib/core/errors/system-remedy.ts'

/**
 * Returns the text for stderr of an error, without known secrets. Includes the stack only if the
 * error is a bug of this program.
 */
export function errorText(error: unknown): string {
  return sanitiseBlock(knownSecrets.redact(explainSystemError(error) ?? textOf(error)))
}

function textOf(error: unknown): string {
  return isAutomateError(error) || !(error instanceof Error)
    ? messageOf(error)
    : (error.stack ?? error.message)
}

/** Returns the message and the remedy of a system error; undefined for any other error. */
export function explainSystemError(error: unknown): string | undefined {
  const remedy = systemRemedy(error)
  return remedy === undefined ? undefined : `${messageOf(error)}. ${remedy}, and try again.`
}
