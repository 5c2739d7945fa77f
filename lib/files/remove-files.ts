import { basename } from 'node:path'
import { removeOwnFile, removeOwnTreeLater } from '../core/disk/remove-own.ts'
import { messageOf, errorCode } from '../core/errors/errors.ts'
import type { Log } from '../core/log.ts'
import type { Clock } from '../core/time/clock.ts'
import { delay } from '../core/time/timeout.ts'

/**
 * Number of times that a removal is tried. On Windows the browser or antivirus software may keep a
 * file of a dead browser locked for some seconds. Each pause is twice the previous one, 3 s in all.
 */
const TRIES = 5
const FIRST_PAUSE_MS = 200

/**
 * Removes files that are no longer needed. A file that cannot be removed now is left to the
 * janitor.
 */
export function removeFiles(files: readonly string[], log: Log): void {
  for (const file of files) {
    try {
      removeOwnFile(file)
    } catch (error) {
      log.warn(`${basename(file)} could not be removed: ${messageOf(error)}`)
    }
  }
}

/**
 * Removes a file that does no harm if it remains. Another program may have it open on Windows, or
 * the file system may have become read-only. Returns true if the file no longer exists. Never
 * throws, because a remaining file is swept later.
 */
export function tryRemove(path: string): boolean {
  try {
    removeOwnFile(path)
    return true
  } catch {
    return false
  }
}

/**
 * Removes a folder with all its contents, and retries if that fails. Resolves with undefined if the
 * folder no longer exists, otherwise with the last error. Never rejects, because a remaining folder
 * is swept later.
 */
export async function removeWithRetries(path: string, clock: Clock): Promise<unknown> {
  for (let tries = 1; ; tries += 1) {
    try {
      await removeOwnTreeLater(path)
      return undefined
    } catch (error) {
      // A link of another user is not removed, and retrying would not change that.
      if (tries === TRIES || errorCode(error) === 'environment-unfit') return error
      await delay(FIRST_PAUSE_MS * 2 ** (tries - 1), clock)
    }
  }
}
