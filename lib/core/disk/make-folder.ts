import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { AutomateError, systemCode } from '../errors/errors.ts'
import { refuseDanglingLink } from './dangling-link.ts'

/**
 * Makes a folder and the missing folders above it. An existing folder is not changed.
 * `mkdirSync` with `recursive` loops forever in a folder that exists and takes none (`/proc`, a
 * mount that was deleted), and reports the link of a disk that is not mounted as a missing file.
 * `within` and the folders above it are never made, because a renamed project is missing at its old
 * path, and a new folder there would prevent its return.
 * @throws `environment-unfit` if a link leads nowhere, or if the folder above takes no folder;
 * otherwise the system's error, `ENOENT` if `within` is missing.
 */
export function makeFolder(path: string, mode?: number, within?: string): void {
  if (isFolder(path)) return
  try {
    mkdirSync(path, { mode })
  } catch (error) {
    // Another process may have made it.
    if (isFolder(path)) return
    refuseDanglingLink(path)
    const above = dirname(path)
    if (systemCode(error) !== 'ENOENT' || above === path) throw error
    if (above === within) {
      refuseDanglingLink(above)
      throw error
    }
    makeFolder(above, mode, within)
    makeInFolder(path, mode)
  }
}

function makeInFolder(path: string, mode: number | undefined): void {
  try {
    mkdirSync(path, { mode })
  } catch (error) {
    if (isFolder(path)) return
    if (systemCode(error) !== 'ENOENT') throw error
    throw new AutomateError(
      'environment-unfit',
      `No folder can be created in ${dirname(path)}. Use a folder on another disk.`,
      { facts: { path }, cause: error },
    )
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}
