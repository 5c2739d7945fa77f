import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parseEnv } from 'node:util'
import { AutomateError, messageOf } from '../core/errors.ts'

/** Values in quotes may hold anything, also lines. */
const QUOTED = /(=\s*)(["'`])[\s\S]*?\2/g
const ASSIGNMENT = /^\s*(?:export\s+)?[\w.-]+\s*=/
const NOTHING = /^\s*(?:#.*)?$/

/**
 * The variables of a `.env` file; none when there is no such file.
 * Thrown with code `config-invalid` when it cannot be read, or a line of it is no assignment: Node itself would pass over a setting that was meant.
 */
export function readDotEnv(file: string): Readonly<Record<string, string | undefined>> {
  if (!existsSync(file)) return {}
  const text = read(file)
  const lines = text.replace(QUOTED, (_whole, before: string) => `${before}…`).split(/\r?\n/)
  const wrong = lines.find(line => !ASSIGNMENT.test(line) && !NOTHING.test(line))
  if (wrong === undefined) return parseEnv(text)
  throw new AutomateError(
    'config-invalid',
    `${basename(file)} has a line that is neither NAME=value nor a comment: it begins with "${wrong.trim().slice(0, 8)}". Mend it, or put "#" before it.`,
    { facts: { file } },
  )
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new AutomateError('config-invalid', `${file} cannot be read: ${messageOf(error)}.`, {
      cause: error,
    })
  }
}
