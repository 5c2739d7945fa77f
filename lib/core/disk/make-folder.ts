import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { AutomateError, systemCode } from '../errors/errors.ts'
import { refuseDanglingLink } from './dangling-link.ts'

/**
 * Creates a folder and its missing parent folders. An existing folder is not changed. `mkdirSync`
 * with `recursive` is not used: it loops forever in an existing folder in which none can be created
 * (`/proc`, a deleted mount), and reports a link to a disk that is not mounted as a missing file.
 * `within` and the folders above it are never created. The old path of a renamed project is
 * missing, and a new folder there would prevent the project's return.
 * @throws `environment-unfit` if a link is dangling, or if no folder can be created in the parent
 * folder; otherwise the system's error, which is `ENOENT` if `within` is missing.
 */
export function makeFolder(path: string, mode?: number, within?: string): void {
  if (isFolder(path)) return
  try {
    mkdirSync(path, { mode })
  } catch (error) {
    // Another process may have created it.
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
