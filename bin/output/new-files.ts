import { existsSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { makeFolder } from '../../lib/core/disk/make-folder.ts'
import { AutomateError, systemCode } from '../../lib/core/errors/errors.ts'

/** A file to create: its path relative to a folder, and its text. */
export interface NewFile {
  readonly path: string
  readonly text: string
  /** True for a file with secrets, which is created so that other users cannot read it. */
  readonly isPrivate?: boolean
}

const PRIVATE_FILE = 0o600
const PUBLIC_FILE = 0o666

/**
 * Checks that none of the files exists yet.
 * @throws `usage` with the names of the existing files.
 */
export function refuseExisting(folder: string, files: readonly NewFile[]): void {
  const existing = files.filter(({ path }) => existsSync(join(folder, path))).map(({ path }) => path)
  if (existing.length > 0) throw inTheWay(folder, existing)
}

/**
 * Creates the files and returns their paths, relative to the working directory. Never overwrites a
 * file.
 * @throws `usage` if a file exists.
 */
export function writeNew(folder: string, files: readonly NewFile[]): string[] {
  return files.map(({ path, text, isPrivate = false }) => {
    const file = join(folder, path)
    makeFolder(dirname(file))
    try {
      // The system subtracts the umask from the mode.
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
    `${folder} already contains ${paths.join(' and ')}, and no file is overwritten. Choose another name or folder, or move the existing file away.`,
    { facts: { folder } },
  )
}
