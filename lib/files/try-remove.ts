import { removeOwnFile } from '../core/disk/remove-own.ts'

/**
 * Removes a file that must not harm the work when it stays: on Windows another program may hold it, and a file system may have become read-only. Tells whether it is gone.
 * Never throws: what stays is swept later.
 */
export function tryRemove(path: string): boolean {
  try {
    removeOwnFile(path)
    return true
  } catch {
    return false
  }
}
