import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { systemCode } from '../errors/errors.ts'
import { newUuid } from '../ids.ts'

/** Mode of a file that is published under a new name: only the user may read it. */
const PRIVATE_FILE = 0o600

/**
 * Writes all of `data`, from `position` or at the file's own position. A disk that fills up takes a
 * part of a write without an error, and only the next write fails.
 * @throws The system's error, `ENOSPC` if the system writes nothing and reports no error.
 */
export function writeAll(fd: number, data: string | Uint8Array, position: number | null = null): void {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data
  for (let done = 0; done < bytes.length;) {
    const at = position === null ? null : position + done
    const count = writeSync(fd, bytes, done, bytes.length - done, at)
    if (count === 0) throw Object.assign(new Error('ENOSPC: no space left, write'), { code: 'ENOSPC' })
    done += count
  }
}

/**
 * Syncs a folder, because without the sync a power cut may undo a rename or a new name. Windows
 * cannot sync folders and does not need it.
 */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const fd = openSync(folder, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/**
 * Renames a written and synced file to its name, and syncs the folder.
 * @throws `EEXIST` if the name is taken, because an existing file is never replaced. The temporary
 * file then still exists.
 */
export function publishFile(temporary: string, path: string): void {
  try {
    linkSync(temporary, path)
  } catch (error) {
    if (systemCode(error) === 'EEXIST') throw error
    // FAT, exFAT and some shares have no links, and each system reports that by another code. There
    // an empty file takes the name first.
    closeSync(openSync(path, 'wx', PRIVATE_FILE))
    try {
      renameSync(temporary, path)
    } catch (thrown) {
      rmSync(path, { force: true })
      throw thrown
    }
  }
  rmSync(temporary, { force: true })
  syncFolder(dirname(path))
}

/**
 * Writes a new file for the user alone. The file gets its name only once it is complete.
 * @throws The system's error, `EEXIST` if the name is taken. No temporary file remains.
 */
export function publishNewFile(path: string, data: string | Uint8Array): void {
  withTemporary(path, data, publishFile)
}

/**
 * Writes a file for the user alone in the place of an earlier one. Nothing of the earlier file
 * stays, not even its mode.
 * @throws The system's error. Then the earlier file stays and no temporary file remains.
 */
export function replaceFile(path: string, data: string | Uint8Array): void {
  withTemporary(path, data, (temporary, to) => {
    renameSync(temporary, to)
    syncFolder(dirname(to))
  })
}

function withTemporary(
  path: string,
  data: string | Uint8Array,
  name: (temporary: string, path: string) => void,
): void {
  // `sweepTemporaryFiles` removes a file of this name after a kill.
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.${newUuid()}.tmp`)
  try {
    const file = openSync(temporary, 'wx', PRIVATE_FILE)
    try {
      writeAll(file, data)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    name(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}
