import { basename } from 'node:path'
import { parseEnv } from 'node:util'
import { readTextFile } from '../core/disk/text-file.ts'
import { AutomateError, messageOf } from '../core/errors/errors.ts'

/** Matches a quoted value, which may contain any characters, including line ends. */
const QUOTED = /(=\s*)(["'`])[\s\S]*?\2/g
/**
 * Matches the beginning of an assignment. Only spaces and tabs count as white space, because Node
 * treats other white space, such as that copied from a web page, as a part of the name.
 */
const ASSIGNMENT = /^[ \t]*(?:export[ \t]+)?[\w.-]+[ \t]*=/
const NOTHING = /^[ \t]*(?:#.*)?$/

/**
 * Reads a `.env` file and returns its variables.
 * @throws `config-invalid` if the file cannot be read, or if a line is not an assignment. Node
 * would silently ignore the setting in such a line.
 */
export function readDotEnv(file: string): Readonly<Record<string, string | undefined>> {
  const text = read(file)
  // Each quoted value is reduced to its line ends, so that the line numbers stay correct.
  const lines = text
    .replace(QUOTED, (quoted, before: string) => before.trimEnd() + quoted.replaceAll(/[^\n]/g, ''))
    .split(/\r?\n/)
  const wrong = lines.findIndex(line => !ASSIGNMENT.test(line) && !NOTHING.test(line))
  if (wrong === -1) return parseEnv(text)
  throw new AutomateError(
    'config-invalid',
    // The line may be part of a secret, so the message does not quote it.
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
