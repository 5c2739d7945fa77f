import { readdirSync, statSync } from 'node:fs'
import type { Dirent } from 'node:fs'
import { join } from 'node:path'

const OF_OTHERS = 0o077

/**
 * Folders that the program creates in a project. `data` contains the database, the state, and the
 * documents of workers.
 */
export const OWN_FOLDERS = ['data', 'logs'] as const

/** Deepest level of their folders, such as `data/state/workers` and `logs/23-03-2026/traces`. */
const DEPTH = 2

/** Folders of `data` that the program reads by name and that contain folders. */
const NESTED = ['state']

/** Folder of browser profiles. Their many files are reached only through private folders. */
const PROFILES = 'profiles'

/**
 * Returns the program's own folders in a project, existing or not, and the paths in those folders
 * that others may reach. Others reach nothing below a folder that is closed to others, but links
 * lead out of such a folder. On Windows files inherit the access control list of their folder.
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
 * Returns the paths below a folder. In `logs` only folders count, because the program reads nothing
 * from the files.
 */
function pathsBelow(folder: string, top: string, depth: number): string[] {
  return entriesOf(folder).flatMap(entry => {
    const path = join(folder, entry.name)
    if (!entry.isDirectory()) return top === 'logs' && !entry.isSymbolicLink() ? [] : [path]
    return depth === 0 || folder.endsWith(PROFILES) ? [path] : [path, ...pathsBelow(path, top, depth - 1)]
  })
}

/** True if a folder is closed to others. A link counts as its target. */
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
