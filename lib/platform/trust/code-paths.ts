import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs'
import type { Dirent } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

/** Endings of files that a module can import. */
const CODE = /\.(?:[cm]?[jt]sx?|json|node|wasm)$/
/** Endings of files that import nothing. */
const DATA = /\.json$/
const PACKAGES = 'node_modules'

/**
 * Returns a folder of modules with all folders and code in it, and the paths that decide the
 * imports of linked modules. Hidden folders and the contents of installed packages are excluded. A
 * folder that cannot be read is reported when its modules are loaded. On Windows only the folder
 * itself is returned, because files inherit the access control list of their folder and each list
 * that is read starts a process.
 */
export function codePaths(folder: string): string[] {
  return process.platform === 'win32' ? [folder] : [folder, ...codeBelow(folder, new Set())]
}

/** Returns the paths below a folder. `seen` contains real paths, because a link may form a loop. */
function codeBelow(folder: string, seen: Set<string>): string[] {
  const place = placeOf(folder)
  if (place === undefined || seen.has(place)) return []
  seen.add(place)
  return entriesOf(folder).flatMap(entry => {
    const path = join(folder, entry.name)
    if (entry.name === PACKAGES) return [path, ...(entry.isSymbolicLink() ? importPaths(folder) : [])]
    if (isFolder(entry, path)) {
      if (entry.name.startsWith('.')) return []
      return [path, ...(entry.isSymbolicLink() ? importPaths(path) : []), ...codeBelow(path, seen)]
    }
    return CODE.test(entry.name) ? [path, ...linkedModulePaths(path)] : []
  })
}

/**
 * Returns the paths, existing or not, that decide the imports of a folder's modules. Node searches
 * a `package.json` and installed packages in the folder and in all its parents. The search starts
 * at the real path of a module, as for the packages of a linked `node_modules`. With
 * `--preserve-symlinks` the search starts at the path as named.
 */
export function importPaths(folder: string): string[] {
  const real = placeOf(folder)
  const paths = new Set([...pathsUp(resolve(folder)), ...(real === undefined ? [] : pathsUp(real))])
  // The loop also visits the paths that it adds.
  for (const path of paths) {
    const target = basename(path) === PACKAGES ? targetOf(path) : undefined
    for (const one of target === undefined ? [] : pathsUp(target)) paths.add(one)
  }
  return [...paths]
}

/**
 * Returns the paths that decide the imports of a linked module; none for other files. The folder of
 * the target is included: `./name` is searched there under several endings, and in a folder such as
 * `/tmp` each user could create a file of that name.
 */
export function linkedModulePaths(file: string): string[] {
  const target = DATA.test(file) ? undefined : targetOf(file)
  if (target === undefined) return []
  const folder = dirname(target)
  return [folder, ...importPaths(folder)]
}

function pathsUp(folder: string): string[] {
  const above = dirname(folder)
  return [join(folder, 'package.json'), join(folder, PACKAGES), ...(above === folder ? [] : pathsUp(above))]
}

/** Returns the real path of a link; undefined for other files. */
function targetOf(path: string): string | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true
      ? realpathSync(path)
      : undefined
  } catch {
    return undefined
  }
}

const isFolder = (entry: Dirent, path: string): boolean =>
  entry.isDirectory() ||
  (entry.isSymbolicLink() && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true)

/** Returns the real path, as Node resolves it for an imported module. */
function placeOf(path: string): string | undefined {
  try {
    return realpathSync(path)
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
