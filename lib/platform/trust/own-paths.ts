import { readdirSync, statSync } from 'node:fs'
import type { Dirent } from 'node:fs'
import { join } from 'node:path'

const OF_OTHERS = 0o077

/**
 * Folders that the program creates in a project. `data` contains the database, the state and the
 * workers' documents.
 */
export const OWN_FOLDERS = ['data', 'logs'] as const

/**
 * Maximum depth of folders below them, such as `data/state/workers` and `logs/23-03-2026/traces`.
 */
const DEPTH = 2

/** Folders of `data` that the program reads by name and that contain further folders. */
const NESTED = ['state']

/**
 * Folder of the browser profiles. The many files in a profile are not checked, because the folders
 * above them are private.
 */
const PROFILES = 'profiles'

/**
 * Returns the program's own folders in a project, existing or not, and the paths in them that other
 * users may be able to reach. Nothing below a folder that is closed to other users can be reached,
 * except through the links in it, which lead to other places. On Windows only the folders
 * themselves are returned, because files inherit the access control list of their folder.
 */
export function ownPaths(root: string): string[] {
  return OWN_FOLDERS.flatMap(name => {
    const folder = join(root, name)
    if (process.platform === 'win32') return [folder]
    return [folder, ...(isClosed(folder) ? linksIn(folder) : pathsBelow(folder, name, DEPTH))]
  })
}

function linksIn(folder: string): string[] {
  return entriesOf(folder).flatMap(entry => {
    const path = join(folder, entry.name)
    if (entry.isSymbolicLink()) return [path]
    return NESTED.includes(entry.name) ? linksIn(path) : []
  })
}

/**
 * Returns the paths below a folder, down to `depth` levels. In `logs` only folders and links count,
 * because the program reads none of the log files.
 */
function pathsBelow(folder: string, top: string, depth: number): string[] {
  return entriesOf(folder).flatMap(entry => {
    const path = join(folder, entry.name)
    if (!entry.isDirectory()) return top === 'logs' && !entry.isSymbolicLink() ? [] : [path]
    return depth === 0 || folder.endsWith(PROFILES) ? [path] : [path, ...pathsBelow(path, top, depth - 1)]
  })
}

/** True if other users have no permission on a folder. For a link, the target is checked. */
function isClosed(folder: string): boolean {
  const stats = statSync(folder, { throwIfNoEntry: false })
  return stats !== undefined && (stats.mode & OF_OTHERS) === 0
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}
