import { statSync } from 'node:fs'
import { AutomateError, errorCode } from '../core/errors.ts'
import { FileDatabase } from './engine/database.ts'
import { migrate } from './migrate.ts'
import type { Migration } from './migrations-folder.ts'
import { rescueCommand, setAside } from './set-aside.ts'

/** Up to this size the whole file is checked at each start (about 50 ms); beyond it only what is read anyway. */
const CHECKED_BYTES = 16 * 1024 * 1024

/**
 * Opens and migrates the database of a project; the caller owns the file. Thrown `store-damaged` after a damaged one was set
 * aside under another name (nothing is ever deleted), and what `migrate` throws.
 */
export async function openDatabase(
  path: string,
  migrations: readonly Migration[],
  now: number,
): Promise<FileDatabase> {
  let database: FileDatabase | undefined
  try {
    database = await FileDatabase.open(path)
    if (statSync(path).size <= CHECKED_BYTES) check(database, path)
    migrate(database, migrations, now)
    // Nobody listens yet, and the first request did not write these.
    database.takeWritten()
    return database
  } catch (thrown) {
    database?.abandon()
    if (errorCode(thrown) === 'store-damaged') throw damaged(path, setAside(path, now), thrown)
    throw thrown
  }
}

function check(database: FileDatabase, path: string): void {
  const verdict = database.one('PRAGMA quick_check(1)')?.['quick_check']
  if (verdict === 'ok') return
  throw new AutomateError('store-damaged', `${path} is damaged: ${String(verdict)}`)
}

function damaged(path: string, copy: string, cause: unknown): AutomateError {
  return new AutomateError(
    'store-damaged',
    `The database ${path} is damaged. It was set aside as ${copy} and nothing was deleted. ` +
      `Put a backup in its place, or rescue what it holds with: ${rescueCommand(copy, path)}. ` +
      'Starting again without either begins with an empty database.',
    { facts: { path, copy }, cause },
  )
}
