import { closeSync, openSync } from 'node:fs'
import { fileIdentity } from '../../core/disk/file-identity.ts'
import { posixRangeLock } from './file-lock-posix.ts'
import { windowsRangeLock } from './file-lock-windows.ts'
import type { FileLock, RangeLock } from './range-lock.ts'

/** Mode of database files: only their user has access. */
const PRIVATE_FILE = 0o600

/**
 * Returns the kernel's locks of this system; undefined if no lock is available (koffi does not
 * load, an unknown system).
 */
export function kernelRangeLock(): RangeLock | undefined {
  try {
    return process.platform === 'win32' ? windowsRangeLock() : posixRangeLock()
  } catch {
    return undefined
  }
}

/**
 * Takes the kernel lock on the file at `path`, and creates the file if missing. Returns undefined
 * if another process holds the lock, or if the file was replaced between its opening and its
 * locking (a quarantined database).
 */
export function lockFile(path: string, rangeLock: RangeLock): FileLock | undefined {
  closeSync(openSync(path, 'a', PRIVATE_FILE))
  const before = fileIdentity(path)
  const lock = rangeLock(path)
  if (lock === undefined || fileIdentity(path) === before) return lock
  lock.release()
  return undefined
}
