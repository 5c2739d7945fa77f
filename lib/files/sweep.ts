import { statSync } from 'node:fs'
import { join } from 'node:path'
import { namesIn } from '../core/disk/names-in.ts'
import { removeOwnFile } from '../core/disk/remove-own.ts'

/**
 * Matches the temporary files of `writeJsonSync` (`.<document>.<pid>.<n>.tmp`) and of an export
 * (`.<export>.<pid>.<uuid>.tmp`), and the claims of `writeCrashFile`.
 */
const TEMPORARY = /^\.(?:.+\.\d+\.[\da-f-]+\.tmp|job_\d+_\d+\.claim)$/

/**
 * Age after which a temporary file counts as an orphan. A write takes milliseconds, and gives up
 * after some seconds.
 */
const LEFT_BEHIND_MS = 60_000

/**
 * Removes the temporary files that killed processes left in `folder`, and returns their paths.
 * Never throws, because a file that cannot be removed now is removed by a later sweep.
 */
export function sweepTemporaryFiles(folder: string, now: number): string[] {
  return namesIn(folder)
    .filter(name => TEMPORARY.test(name))
    .map(name => join(folder, name))
    .filter(path => removeIfLeft(path, now))
}

function removeIfLeft(path: string, now: number): boolean {
  try {
    if (now - statSync(path).mtimeMs < LEFT_BEHIND_MS) return false
    removeOwnFile(path)
    return true
  } catch {
    return false
  }
}
