import { closeSync, openSync } from 'node:fs'
import { fileIdentity } from '../../core/disk/file-identity.ts'
import { posixRangeLock } from './file-lock-posix.ts'
import { windowsRangeLock } from './file-lock-windows.ts'
import type { FileLock, RangeLock } from './range-lock.ts'

/** Mode of database files: only the user has access. */
const PRIVATE_FILE = 0o600

/**
 * Returns the function that takes kernel locks on this system; undefined if there is none, because
 * koffi does not load or the system is not supported.
 */
export function kernelRangeLock(): RangeLock | undefined {
  try {
    return process.platform === 'win32' ? windowsRangeLock() : posixRangeLock()
  } catch {
    return undefined
  }
}

/**
 * Takes the kernel lock on the file at `path`, and creates the file if it is missing. Returns
 * undefined if another process holds the lock, or if the file was replaced while it was being
 * locked, as when a damaged database is set aside.
 */
export function lockFile(path: string, rangeLock: RangeLock): FileLock | undefined {
  closeSync(openSync(path, 'a', PRIVATE_FILE))
  const before = fileIdentity(path)
  const lock = rangeLock(path)
  if (lock === undefined || fileIdentity(path) === before) return lock
  lock.release()
  return undefined
}
