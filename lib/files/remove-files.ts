import { basename } from 'node:path'
import { removeOwnFile, removeOwnTreeLater } from '../core/disk/remove-own.ts'
import { messageOf, errorCode } from '../core/errors/errors.ts'
import type { Log } from '../core/log.ts'
import type { Clock } from '../core/time/clock.ts'
import { delay } from '../core/time/timeout.ts'
/** On Windows a file of a dead browser stays held for up to some seconds, by itself or by antivirus; each pause is twice the one before: 3 s in all. */
const TRIES = 5
const FIRST_PAUSE_MS = 200

/** Removes files that have served. One that will not go is left to the janitor. */
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

/**
 * Removes a folder with all that it holds, again and again where it does not go at once. Resolves with what kept it, or undefined when it has gone or never was.
 * Never rejects: a folder that stays is swept later.
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
