import { basename } from 'node:path'
import { parseEnv } from 'node:util'
import { readTextFile } from '../core/disk/text-file.ts'
import { AutomateError, messageOf } from '../core/errors/errors.ts'

/** Matches values in quotes, which may contain anything, also line ends. */
const QUOTED = /(=\s*)(["'`])[\s\S]*?\2/g
/**
 * Matches only spaces and tabs, because Node takes other white space, such as that of a web page,
 * as a part of the name.
 */
const ASSIGNMENT = /^[ \t]*(?:export[ \t]+)?[\w.-]+[ \t]*=/
const NOTHING = /^[ \t]*(?:#.*)?$/

/**
 * Returns the variables of a `.env` file.
 * @throws `config-invalid` if the file cannot be read, or has a line that is no assignment, because
 * Node would ignore a setting there.
 */
export function readDotEnv(file: string): Readonly<Record<string, string | undefined>> {
  const text = read(file)
  // Each quoted value keeps its line ends, so that the line numbers stay correct.
  const lines = text
    .replace(QUOTED, (quoted, before: string) => before.trimEnd() + quoted.replaceAll(/[^\n]/g, ''))
    .split(/\r?\n/)
  const wrong = lines.findIndex(line => !ASSIGNMENT.test(line) && !NOTHING.test(line))
  if (wrong === -1) return parseEnv(text)
  throw new AutomateError(
    'config-invalid',
    // The line can be a part of a secret, so it is not quoted.
    `Line ${wrong + 1} of ${basename(file)} is neither NAME=value nor a comment. Correct the line, or put "#" before it.`,
    { facts: { file } },
  )
}

function read(file: string): string {
  try {
    return readTextFile(file)
  } catch (error) {
    throw new AutomateError('config-invalid', `${file} cannot be read: ${messageOf(error)}.`, {
      cause: error,
    })
  }
}
