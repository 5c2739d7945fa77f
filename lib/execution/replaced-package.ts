import { causesOf, messageOf, systemCode } from '../core/errors/errors.ts'
import type { PhasePosition } from '../model/job/phase.ts'
import { InstalledPackage } from '../platform/package/installed-package.ts'

/**
 * True if a job failed because the package was replaced while its worker ran. The job then failed
 * before its first phase, or because a module of the package is missing. Such a failure proves
 * nothing about the job.
 */
export function failedByReplacement(
  thrown: unknown,
  phase: PhasePosition | null,
  installed = new InstalledPackage(),
): boolean {
  if (installed.isOwn) return false
  return phase === null || causesOf(thrown).some(cause => isOwnModuleMissing(cause, installed.folder))
}

function isOwnModuleMissing(error: unknown, folder: string): boolean {
  return systemCode(error) === 'ERR_MODULE_NOT_FOUND' && messageOf(error).includes(folder)
}
