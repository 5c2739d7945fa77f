import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { makeFolder } from '../core/disk/make-folder.ts'

const PRIVATE_FILE = 0o600
const PRIVATE_FOLDER = 0o700

/**
 * Returns the path of the marker next to a log. It exists while the log may contain secrets that
 * only its worker knows.
 */
const markOf = (path: string): string => `${path}.unredacted`

/**
 * Marks a log as containing secrets that only its worker may know, until the worker has redacted
 * it. The marker remains if the worker is killed.
 * @throws The system's error if the marker cannot be written.
 */
export function markUnredacted(path: string): void {
  makeFolder(dirname(path), PRIVATE_FOLDER)
  writeFileSync(markOf(path), '', { mode: PRIVATE_FILE })
}

/**
 * Removes the marker of a log that has been redacted, if there is one.
 * @throws The system's error if it cannot be removed.
 */
export function removeUnredactedMark(path: string): void {
  rmSync(markOf(path), { force: true })
}

/** True if the log is marked as not yet redacted. */
export function isMarkedUnredacted(path: string): boolean {
  return existsSync(markOf(path))
}
