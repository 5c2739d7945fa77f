import { statSync } from 'node:fs'
import { join } from 'node:path'
import { namesIn } from '../core/disk/names-in.ts'
import { removeOwnFile } from '../core/disk/remove-own.ts'

/** The names that `writeJsonSync` gives its temporary files, `.<document>.<pid>.<n>.tmp`, `.<export>.<pid>.<uuid>.tmp` of an export, and the claims of `writeCrashFile`. */
const TEMPORARY = /^\.(?:.+\.\d+\.[\da-f-]+\.tmp|job_\d+_\d+\.claim)$/

/** A write takes milliseconds, and gives up after seconds: a temporary file this old has lost its writer. */
const LEFT_BEHIND_MS = 60_000

/**
 * Removes the temporary files that killed writers left in `folder`; returns their paths.
 * Never throws: what cannot be removed now is removed by a later sweep.
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
