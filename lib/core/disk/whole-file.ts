import { closeSync, fsyncSync, linkSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { systemCode } from '../errors/errors.ts'
import { newUuid } from '../ids.ts'

/** Mode of a published file: only the user may read and write it. */
const PRIVATE_FILE = 0o600

/**
 * Writes all of `data` at `position`, or at the current position of the file if `position` is null.
 * If a disk fills up, a write may be partial without an error, and only the next write fails.
 * @throws The system's error; `ENOSPC` if the system writes nothing and reports no error.
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
 * Syncs a folder. Without the sync, a power failure may undo the creation or the renaming of an
 * entry. Windows cannot sync folders and does not need to.
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
 * Gives a written and synced file its final name, and syncs the folder. An existing file is never
 * replaced.
 * @throws `EEXIST` if the name is taken. The temporary file then still exists.
 */
export function publishFile(temporary: string, path: string): void {
  try {
    linkSync(temporary, path)
  } catch (error) {
    if (systemCode(error) === 'EEXIST') throw error
    // FAT, exFAT and some network shares have no hard links, and each system reports that with a
    // different code. There an empty file reserves the name first.
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
 * Writes a new file that only the user may read. The name appears only once the file is complete.
 * @throws The system's error; `EEXIST` if the name is taken. No temporary file remains.
 */
export function publishNewFile(path: string, data: string | Uint8Array): void {
  withTemporary(path, data, publishFile)
}

/**
 * Replaces a file atomically with one that only the user may read. Nothing of the earlier file
 * remains, not even its mode.
 * @throws The system's error. The earlier file is then unchanged, and no temporary file remains.
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
  // If this process is killed, `sweepTemporaryFiles` later removes the file by its name.
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
