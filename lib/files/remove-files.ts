import { basename } from 'node:path'
import { removeOwnFile, removeOwnTreeLater } from '../core/disk/remove-own.ts'
import { messageOf, errorCode } from '../core/errors/errors.ts'
import type { Log } from '../core/log.ts'
import type { Clock } from '../core/time/clock.ts'
import { delay } from '../core/time/timeout.ts'

/**
 * Tries of a removal. On Windows a file of a dead browser stays locked for up to some seconds, by
 * the browser or by antivirus. Each pause is twice the one before: 3 s in all.
 */
const TRIES = 5
const FIRST_PAUSE_MS = 200

/**
 * Removes files that are no longer needed. The janitor removes a file that cannot be removed now.
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
 * Removes a file that may stay without harm, because on Windows another program may have it open,
 * and a file system may have become read-only. Returns true if the file no longer exists. Never
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
 * Removes a folder with its whole content, with retries. Resolves with the last error, or with
 * undefined if the folder no longer exists. Never rejects, because a remaining folder is swept
 * later.
 */
export async function removeWithRetries(path: string, clock: Clock): Promise<unknown> {
  for (let tries = 1; ; tries += 1) {
    try {
      await removeOwnTreeLater(path)
      return undefined
    } catch (error) {
      // A link of another user stays.
      if (tries === TRIES || errorCode(error) === 'environment-unfit') return error
      await delay(FIRST_PAUSE_MS * 2 ** (tries - 1), clock)
    }
  }
}
