import { AutomateError, causesOf, errorCode, systemCode } from '../../lib/core/errors/errors.ts'
import type { ErrorCode } from '../../lib/core/errors/errors.ts'
import { PROGRAM } from '../../lib/core/process/program.ts'
import { InstalledPackage } from '../../lib/platform/package/installed-package.ts'

/** Codes of errors that point to the files of the project, which processes of the package read. */
const BLAMES_PROJECT: ReadonlySet<ErrorCode> = new Set([
  'config-invalid',
  'workflow-invalid',
  'workflow-missing',
])

/**
 * Returns the error to report if only the replacement of the package may have caused the given
 * error, because this process or a child of it did not find its modules. Undefined while the
 * package is the same as at the start of this process.
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
