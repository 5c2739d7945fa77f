import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { makeFolder } from '../core/disk/make-folder.ts'

const PRIVATE_FILE = 0o600
const PRIVATE_FOLDER = 0o700

/**
 * Returns the path of the mark beside a log. The mark means that the log can hold secrets which
 * only the worker knows.
 */
const markOf = (path: string): string => `${path}.unredacted`

/**
 * Marks a log that can hold secrets which only the worker knows, until the worker has redacted it.
 * The mark outlives a killed worker.
 * @throws The system's error.
 */
export function markUnredacted(path: string): void {
  makeFolder(dirname(path), PRIVATE_FOLDER)
  writeFileSync(markOf(path), '', { mode: PRIVATE_FILE })
}

/**
 * Removes the mark of a log that has been redacted, if there is one.
 * @throws The system's error.
 */
export function removeUnredactedMark(path: string): void {
  rmSync(markOf(path), { force: true })
}

/** True if a log is marked. */
export function isMarkedUnredacted(path: string): boolean {
  return existsSync(markOf(path))
}
