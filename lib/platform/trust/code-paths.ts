import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs'
import type { Dirent } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

/** Endings of files that a module can import. */
const CODE = /\.(?:[cm]?[jt]sx?|json|node|wasm)$/
/** Endings of those that import nothing. */
const DATA = /\.json$/
const PACKAGES = 'node_modules'

/**
 * Returns a folder of modules with all folders and code in it, without hidden folders and without what is in installed packages, and what decides
 * the imports of modules that it has through links. A folder that cannot be read is reported where its modules are loaded. On Windows files
 * inherit the access control list of their folder, and each list that is read starts a process: there it is the folder alone.
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
 * Returns the paths, existing or not, that decide what the modules of a folder import: Node looks for a `package.json` and for installed packages
 * in the folder itself and in each one above it. It begins at the real path of a module, and so do the packages of a `node_modules` that is a link.
 * With `--preserve-symlinks` it begins at the path as it is named.
 */
export function importPaths(folder: string): string[] {
  const real = placeOf(folder)
  const paths = new Set([...pathsUp(resolve(folder)), ...(real === undefined ? [] : pathsUp(real))])
  // The loop takes what it adds, too.
  for (const path of paths) {
    const target = basename(path) === PACKAGES ? targetOf(path) : undefined
    for (const one of target === undefined ? [] : pathsUp(target)) paths.add(one)
  }
  return [...paths]
}

/**
 * Returns what decides the imports of a module that is a link; nothing for other files. The folder that holds the target counts itself: `./name`
 * is looked for there, under several endings, and in a folder such as `/tmp` each user could make a file of that name.
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

/** Returns the real path of a link; undefined for everything else. */
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

/** The real path as Node finds it for a module that it imports. */
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
