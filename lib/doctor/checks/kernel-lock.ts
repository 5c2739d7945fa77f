import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { findForeignLink } from '../../core/disk/foreign-link.ts'
import { messageOf, systemCode } from '../../core/errors/errors.ts'
import { newUuid } from '../../core/ids.ts'
import { kernelRangeLock, lockFile } from '../../platform/locks/file-lock.ts'
import { loadKoffi } from '../../platform/windows/koffi.ts'
import { ok, problem, warning } from '../check.ts'
import type { Check } from '../check.ts'

/**
 * Checks that the kernel can lock the database, which requires koffi and a file system with locks.
 * The check locks its own file next to the database.
 */
export const kernelLockCheck: Check = {
  id: 'kernel-lock',
  ofProject: true,
  run({ words: { kernelLock }, project }) {
    const lock = kernelRangeLock()
    if (lock === undefined) return warning(kernelLock.missing(whyNot()), kernelLock.missingRemedy)
    // A project that has not run yet has no data folder, and a check must not create one.
    const data = project?.paths.data ?? ''
    const isOwn = existsSync(data) && findForeignLink(data) === undefined
    const file = join(isOwn ? data : (project?.root ?? ''), `.doctor-${newUuid()}.tmp`)
    try {
      lockFile(file, lock)?.release()
      return ok(kernelLock.good)
    } catch (error) {
      // If the folder is not writable, the error says nothing about locks.
      if (['EACCES', 'EROFS'].includes(systemCode(error) ?? '')) throw error
      return problem(kernelLock.refused(messageOf(error)), kernelLock.refusedRemedy)
    } finally {
      rmSync(file, { force: true })
    }
  },
}

function whyNot(): string {
  try {
    loadKoffi()
    return `${process.platform} ${process.arch}`
  } catch (error) {
    return messageOf(error)
  }
}
