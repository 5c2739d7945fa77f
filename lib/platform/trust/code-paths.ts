import { readdirSync, realpathSync, statSync } from 'node:fs'
import type { Dirent } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** Endings of files that a module can import. */
const CODE = /\.(?:[cm]?[jt]sx?|json|node|wasm)$/
const PACKAGES = 'node_modules'

/**
 * Returns a folder of modules with all folders and code in it, without what is hidden and without what is in installed packages. A folder that
 * cannot be read is reported where its modules are loaded. On Windows files inherit the access control list of their folder, and each list that
 * is read starts a process: there it is the folder alone.
 */
export function codePaths(folder: string): string[] {
  return process.platform === 'win32' ? [folder] : [folder, ...codeBelow(folder, new Set())]
}

/** `seen` holds real paths: a link may lead back. */
function codeBelow(folder: string, seen: Set<string>): string[] {
  const place = placeOf(folder)
  if (place === undefined || seen.has(place)) return []
  seen.add(place)
  return entriesOf(folder).flatMap(entry => {
    if (entry.name.startsWith('.')) return []
    const path = join(folder, entry.name)
    if (entry.name === PACKAGES) return [path]
    if (isFolder(entry, path)) return [path, ...codeBelow(path, seen)]
    return CODE.test(entry.name) ? [path] : []
  })
}

/**
 * Returns the paths, existing or not, that decide what the modules of a folder import: Node looks for a `package.json` and for installed packages
 * in the folder itself and in each one above it.
 */
export function importPaths(folder: string): string[] {
  const at = resolve(folder)
  const above = dirname(at)
  return [join(at, 'package.json'), join(at, PACKAGES), ...(above === at ? [] : importPaths(above))]
}

const isFolder = (entry: Dirent, path: string): boolean =>
  entry.isDirectory() ||
  (entry.isSymbolicLink() && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true)

function placeOf(folder: string): string | undefined {
  try {
    return realpathSync.native(folder)
  } catch {
    return undefined
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}
