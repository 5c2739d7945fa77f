import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { AutomateError, errorCode, messageOf } from '../core/errors/errors.ts'
import { FileDatabase } from './engine/database.ts'
import { appliedMigrations, migrate, requireKnown, requireUnchanged } from './migrations/migrate.ts'
import { backUpBeforeUpgrade, backupFor } from './backup/upgrade-backup.ts'
import { removeUnfinishedCopies } from './backup/unfinished-copies.ts'
import { identifyProject } from './project-id.ts'
import type { Migration } from './migrations/migrations-folder.ts'
import {
  completeQuarantine,
  databaseExists,
  databasesSetAside,
  rescueCommand,
  suspectMark,
} from './quarantine.ts'

/**
 * Maximum size, in bytes, of a file that is checked completely at each start, which takes about 50
 * ms. Of a larger file, only the parts that are read anyway are checked.
 */
const CHECKED_BYTES = 16 * 1024 * 1024

const REMEDY =
  'Restore a backup with "automate-tui db restore <file>", or start with an empty database with "automate-tui db new". Both set the present file aside and delete nothing.'

/**
 * Opens and migrates a project's database. The caller owns the file. A damaged database is not
 * changed. If a damaged database was quarantined and has not been replaced, no empty one is created
 * unless a person runs a command for that.
 * @throws `store-damaged` if the database is damaged, or if it is missing after it was quarantined.
 * @throws the errors of `migrate`.
 */
export async function openDatabase(
  path: string,
  migrations: readonly Migration[],
  now: number,
): Promise<FileDatabase> {
  await removeUnfinishedCopies(path)
  completeQuarantine(path)
  requireWanted(path)
  let database: FileDatabase | undefined
  try {
    database = await FileDatabase.open(path)
    const isSuspect = existsSync(suspectMark(path))
    if (isSuspect || statSync(path).size <= CHECKED_BYTES) check(database, path)
    if (isSuspect) rmSync(suspectMark(path))
    const applied = appliedMigrations(database)
    const newest = applied.at(-1)?.number ?? 0
    requireKnown(migrations, newest, backupFor(path, migrations.length))
    requireUnchanged(migrations, applied)
    if (newest > 0 && newest < migrations.length) await backUpBeforeUpgrade(database, newest, now)
    migrate(database, migrations, now)
    identifyProject(database, path)
    // Forgets the tables that were written here. There are no listeners yet, and the first request
    // must not report these writes as its own.
    database.takeWritten()
    return database
  } catch (thrown) {
    database?.abandon()
    if (errorCode(thrown) === 'store-damaged') throw damagedError(path, thrown)
    throw thrown
  }
}

/** @throws `store-damaged` if the database is missing after it was quarantined. */
export function requireWanted(path: string): void {
  const [copy] = databasesSetAside(path).toReversed()
  if (copy === undefined || databaseExists(path)) return
  throw new AutomateError(
    'store-damaged',
    `The database ${path} is missing, and ${copy} was set aside. An empty database is not created automatically. ${REMEDY}`,
    { facts: { path, copy } },
  )
}

/**
 * Marks a database in which damage was found while it was in use, and returns the error that
 * reports the damage.
 */
export function foundDamaged(path: string, thrown: unknown): AutomateError {
  try {
    writeFileSync(suspectMark(path), `${messageOf(thrown)}\n`)
  } catch {
    // A failing disk may refuse the marker too. The error is reported in any case.
  }
  return damagedError(path, thrown)
}

function check(database: FileDatabase, path: string): void {
  const verdict = database.one('PRAGMA quick_check(1)')?.['quick_check']
  if (verdict === 'ok') return
  throw new AutomateError('store-damaged', `${path} is damaged: ${String(verdict)}`)
}

function damagedError(path: string, cause: unknown): AutomateError {
  const rescued = `${path}.rescued`
  return new AutomateError(
    'store-damaged',
    `The database ${path} is damaged and was not changed. ${REMEDY} ` +
      `To rescue its rows, run ${rescueCommand(path, rescued)}, then restore ${rescued}.`,
    { facts: { path }, cause },
  )
}
