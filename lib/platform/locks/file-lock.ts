import { closeSync, openSync } from 'node:fs'
import { fileIdentity } from '../../core/disk/file-identity.ts'
import { posixRangeLock } from './file-lock-posix.ts'
import { windowsRangeLock } from './file-lock-windows.ts'
import type { FileLock, RangeLock } from './range-lock.ts'

/** Databases are the user's alone. */
const PRIVATE_FILE = 0o600

/** The kernel's locks of this system; undefined where they cannot be reached (koffi does not load, an unknown system). */
export function kernelRangeLock(): RangeLock | undefined {
  try {
    return process.platform === 'win32' ? windowsRangeLock() : posixRangeLock()
  } catch {
    return undefined
  }
}

/**
 * Takes the kernel lock on the file at `path`, making the file when there is none; undefined when another holds it.
 * A file that was replaced between its opening and its locking (a damaged database that was set aside) is not taken.
 */
export function lockFile(path: string, rangeLock: RangeLock): FileLock | undefined {
  closeSync(openSync(path, 'a', PRIVATE_FILE))
  const before = fileIdentity(path)
  const lock = rangeLock(path)
  if (lock === undefined || fileIdentity(path) === before) return lock
  lock.release()
  return undefined
}
