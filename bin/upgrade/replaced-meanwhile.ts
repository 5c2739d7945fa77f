import { AutomateError, causesOf, errorCode, systemCode } from '../../lib/core/errors/errors.ts'
import type { ErrorCode } from '../../lib/core/errors/errors.ts'
import { PROGRAM } from '../../lib/core/process/program.ts'
import { InstalledPackage } from '../../lib/platform/package/installed-package.ts'

/**
 * Codes of errors that blame the files of the project, although they can also be caused by missing
 * files of the package.
 */
const BLAMES_PROJECT: ReadonlySet<ErrorCode> = new Set([
  'config-invalid',
  'workflow-invalid',
  'workflow-missing',
])

/**
 * Returns the error to report instead of `error` if the package has been replaced since this
 * process was started. The replacement can be the cause, because this process or its child may not
 * have found a module. Returns undefined if the package is unchanged.
 */
export function replacedMeanwhile(
  error: unknown,
  installed = new InstalledPackage(),
): AutomateError | undefined {
  const isSuspect =
    BLAMES_PROJECT.has(errorCode(error)) ||
    causesOf(error).some(cause => systemCode(cause) === 'ERR_MODULE_NOT_FOUND')
  if (!isSuspect || installed.isOwn) return undefined
  return new AutomateError(
    'environment-unfit',
    `The project could not be read, because the package of automate-tui ${PROGRAM.version} is being replaced or was removed. Wait until the installation has ended, then try again.`,
    { cause: error },
  )
}
