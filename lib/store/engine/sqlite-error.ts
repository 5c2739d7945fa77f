import { AutomateError, isAutomateError, messageOf } from '../../core/errors/errors.ts'
import type { ErrorCode } from '../../core/errors/errors.ts'

interface Meaning {
  readonly pattern: RegExp
  readonly code: ErrorCode
  readonly remedy: string
}

/**
 * Codes and remedies by the text of SQLite's error, because sql.js does not return an error number.
 */
const MEANINGS: readonly Meaning[] = [
  {
    pattern: /malformed|not a database/,
    code: 'store-damaged',
    remedy: 'Stop the program, keep the file, and restore a backup or run "sqlite3 <file> .recover".',
  },
  {
    pattern: /disk is full/,
    code: 'store-refused',
    remedy: 'Nothing of this request was written. Free some space on the disk of the project and try again.',
  },
  {
    pattern: /disk I\/O error|unable to open|readonly/,
    code: 'store-refused',
    remedy:
      'Nothing of this request was acknowledged. Check that the disk of the project works and has space, and that its files are writable.',
  },
  {
    pattern: /constraint failed|datatype mismatch|cannot store|too big/,
    code: 'store-refused',
    remedy: 'The value does not fit the table, so nothing was written.',
  },
  {
    pattern: /locked|busy/,
    code: 'store-busy',
    remedy: 'Another program uses the database. Close that program.',
  },
]

/** Converts a value that sql.js threw (an Error or a string) to an `AutomateError`. */
export function sqliteError(thrown: unknown, sql: string): AutomateError {
  if (isAutomateError(thrown)) return thrown
  const message = messageOf(thrown)
  const meaning = MEANINGS.find(({ pattern }) => pattern.test(message))
  const remedy = meaning?.remedy ?? 'This is a bug in automate-tui. Please report it.'
  return new AutomateError(meaning?.code ?? 'bug', `The database reported "${message}". ${remedy}`, {
    facts: { sqlite: message, sql: sql.slice(0, 500) },
    cause: thrown,
  })
}
