import { existsSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { makeFolder } from '../../lib/core/disk/make-folder.ts'
import { AutomateError, systemCode } from '../../lib/core/errors/errors.ts'

/** A file to be made: its path within a folder, and its text. */
export interface NewFile {
  readonly path: string
  readonly text: string
  /** True if secrets belong in it: others cannot read it. */
  readonly isPrivate?: boolean
}

const PRIVATE_FILE = 0o600
const PUBLIC_FILE = 0o666

/** Thrown with code `usage`, naming them, when some of the files are there already. */
export function refuseExisting(folder: string, files: readonly NewFile[]): void {
  const existing = files.filter(({ path }) => existsSync(join(folder, path))).map(({ path }) => path)
  if (existing.length > 0) throw inTheWay(folder, existing)
}

/** Makes files that there are not yet, and answers their paths, from the working directory. Nothing is ever written over: thrown with code `usage`. */
export function writeNew(folder: string, files: readonly NewFile[]): string[] {
  return files.map(({ path, text, isPrivate = false }) => {
    const file = join(folder, path)
    makeFolder(dirname(file))
    try {
      // The system takes the bits of the umask from it.
      writeFileSync(file, text, { flag: 'wx', mode: isPrivate ? PRIVATE_FILE : PUBLIC_FILE })
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error
      throw inTheWay(folder, [path])
    }
    return relative(process.cwd(), file)
  })
}

function inTheWay(folder: string, paths: readonly string[]): AutomateError {
  return new AutomateError(
    'usage',
    `There is ${paths.join(' and ')} in ${folder} already, and nothing is written over. Choose another name or folder, or move it away.`,
    { facts: { folder } },
  )
}
