import { lstatSync, readdirSync, realpathSync, statSync } from 'node:fs'
import type { Dirent } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

/** Matches the names of files that a module can import. */
const CODE = /\.(?:[cm]?[jt]sx?|json|node|wasm)$/
/** Matches the names of files that can be imported but import nothing themselves. */
const DATA = /\.json$/
const PACKAGES = 'node_modules'

/**
 * Returns a folder of modules, all folders and code files in it, and the paths that decide what
 * linked modules import. Hidden folders and the contents of installed packages are excluded. A
 * folder that cannot be read is skipped, because loading its modules reports the error. On Windows
 * only the folder itself is returned. Files there inherit the access control list of their folder,
 * and reading a list starts a process.
 */
export function codePaths(folder: string): string[] {
  return process.platform === 'win32' ? [folder] : [folder, ...codeBelow(folder, new Set())]
}

/**
 * Returns the code paths below a folder. `seen` contains the real paths of the visited folders,
 * because links may form a loop.
 */
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
 * Returns the paths, existing or not, that decide what the modules in a folder import. Node looks
 * for a `package.json` and for installed packages in the folder and all its parents. It starts from
 * the real path of a module, or of a linked `node_modules`. With `--preserve-symlinks` it starts
 * from the path as named, so both are included.
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
 * Returns the paths that decide what a module imports if its file is a link; none for other files.
 * The folder of the target is included. Node looks there for `./name` with several extensions, and
 * in a folder such as `/tmp` any user could create a file of that name.
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

/** Returns the real path of a symbolic link; undefined for other files. */
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

/**
 * Returns the real path of a file or folder, which Node also uses for an imported module; undefined
 * if it cannot be resolved.
 */
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
