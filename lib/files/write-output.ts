import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { makeFolder } from '../core/disk/make-folder.ts'
import { publishNewFile, replaceFile } from '../core/disk/whole-file.ts'
import { AutomateError, messageOf, systemCode } from '../core/errors/errors.ts'

const PRIVATE_FOLDER = 0o700

interface Output {
  readonly data: string | Uint8Array
  /**
   * Command-line option with which a person can name the file. `named` is true if a person did;
   * otherwise the program has chosen `target`.
   */
  readonly option: string
  readonly named: boolean
}

/**
 * Writes a complete file that only the user may read. Replaces an earlier file if the program chose
 * its name, but never a file that a person names.
 * @throws `usage` if a file that a person named exists already.
 * @throws `environment-unfit` if the file cannot be written.
 */
export function writeOutput(target: string, { data, option, named }: Output): void {
  if (named) requireNewFile(target)
  try {
    makeFolder(dirname(target), PRIVATE_FOLDER)
    if (named) publishNewFile(target, data)
    else replaceFile(target, data)
  } catch (error) {
    if (named && systemCode(error) === 'EEXIST' && existsSync(target)) throw existsAlready(target)
    throw new AutomateError(
      'environment-unfit',
      `${target} cannot be written: ${messageOf(error)}. Name another place with ${option} <file>.`,
      { cause: error },
    )
  }
}

/** @throws `usage` if the file exists. */
export function requireNewFile(target: string): void {
  if (existsSync(target)) throw existsAlready(target)
}

function existsAlready(target: string): AutomateError {
  return new AutomateError('usage', `${target} already exists. Name a file that does not exist.`, {
    facts: { target },
  })
}
