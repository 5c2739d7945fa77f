import { rmSync } from 'node:fs'
import { basename } from 'node:path'
import { messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'

/** Removes files that have served. One that will not go is left to the janitor. */
export function removeSpent(files: readonly string[], log: Log): void {
  for (const file of files) {
    try {
      rmSync(file, { force: true })
    } catch (error) {
      log.warn(`${basename(file)} could not be removed: ${messageOf(error)}`)
    }
  }
}
