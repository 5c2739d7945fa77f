import { basename } from 'node:path'
import { removeOwnFile } from '../core/disk/remove-own.ts'
import { messageOf } from '../core/errors/errors.ts'
import type { Log } from '../core/log.ts'

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
