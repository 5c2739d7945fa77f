import { existsSync, rmSync, statSync } from 'node:fs'
import { AutomateError, errorCode, messageOf } from '../../core/errors.ts'
import { temporaryName } from '../backup/unfinished-copies.ts'
import { copyDatabase } from '../copy-database.ts'
import { FileDatabase } from '../engine/database.ts'
import { migrate } from '../migrate.ts'
import type { Migration } from '../migrations-folder.ts'
import type { AsideReason } from '../set-aside.ts'
import { countLost, newestMoment } from './lost-since.ts'
import type { LostSince } from './lost-since.ts'
import type { Replacement } from './replace-database.ts'

const SIDE_FILES = ['-wal', '-journal']

interface Preparation {
  /** The present database. */
  readonly path: string
  readonly migrations: readonly Migration[]
  readonly now: number
}

/** The present database in comparison with a backup. */
export interface RestoreFacts {
  /** When the last change of the backup was made, in epoch ms; null for one that has none. */
  readonly newestAt: number | null
  /** Rows that only the present database has; null if that one cannot be read, or does not exist. */
  readonly lost: LostSince | null
}

/**
 * Makes a checked copy of a backup beside the present database, brought up to the schema of this program.
 * @throws `usage` when the file is missing or no database of this program, `store-damaged` when it is damaged, and what `migrate` throws.
 */
export async function prepareRestore(
  backup: string,
  { path, migrations, now }: Preparation,
): Promise<Replacement<RestoreFacts>> {
  requireFile(backup)
  const file = temporaryName(path)
  try {
    copyAll(backup, file)
    const newestAt = await using(file, database => {
      requireIntact(database, backup)
      requireOurs(database, backup)
      migrate(database, migrations, now)
      return newestMoment(database)
    })
    const { reason, lost } = await compare(path, file)
    return { file, reason, facts: { newestAt, lost } }
  } catch (thrown) {
    removeAll(file)
    throw errorCode(thrown) === 'store-damaged' ? damagedBackup(backup, thrown) : thrown
  }
}

/** Makes an empty database beside the present one. */
export async function prepareEmpty({ path, migrations, now }: Preparation): Promise<Replacement<null>> {
  const file = temporaryName(path)
  try {
    await using(file, database => migrate(database, migrations, now))
    const { reason } = await compare(path, file)
    return { file, reason, facts: null }
  } catch (thrown) {
    removeAll(file)
    throw thrown
  }
}

/** Reads a copy of the present database, which may be damaged: nothing may change it. */
async function compare(
  path: string,
  next: string,
): Promise<{ readonly reason: AsideReason; readonly lost: LostSince | null }> {
  if (!existsSync(path) || statSync(path).size === 0) return { reason: 'replaced', lost: null }
  const copy = temporaryName(path)
  try {
    copyAll(path, copy)
    return await using(copy, present => using(next, backup => lostOf(present, backup)))
  } catch (thrown) {
    if (errorCode(thrown) === 'store-damaged') return { reason: 'damaged', lost: null }
    throw thrown
  } finally {
    removeAll(copy)
  }
}

function lostOf(
  present: FileDatabase,
  backup: FileDatabase,
): { readonly reason: AsideReason; readonly lost: LostSince | null } {
  const isIntact = present.one('PRAGMA quick_check(1)')?.['quick_check'] === 'ok'
  try {
    return { reason: isIntact ? 'replaced' : 'damaged', lost: countLost(present, backup) }
  } catch {
    // A table of the present database cannot be read, or is of another version.
    return { reason: isIntact ? 'replaced' : 'damaged', lost: null }
  }
}

async function using<T>(path: string, act: (database: FileDatabase) => T | Promise<T>): Promise<T> {
  const database = await FileDatabase.open(path)
  try {
    const result = await act(database)
    database.close()
    return result
  } catch (thrown) {
    database.abandon()
    throw thrown
  }
}

function copyAll(from: string, to: string): void {
  copyDatabase(from, to)
  for (const part of SIDE_FILES) if (existsSync(from + part)) copyDatabase(from + part, to + part)
}

function removeAll(path: string): void {
  for (const part of ['', ...SIDE_FILES]) rmSync(path + part, { force: true })
}

function requireFile(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) return
  throw new AutomateError('usage', `There is no file ${path}.`, { facts: { path } })
}

function requireIntact(database: FileDatabase, path: string): void {
  const [verdict] = database.all('PRAGMA integrity_check').map(row => String(row['integrity_check']))
  if (verdict === 'ok') return
  throw new AutomateError('store-damaged', `${path} is damaged: ${verdict ?? 'it cannot be checked'}`)
}

function requireOurs(database: FileDatabase, path: string): void {
  const ours = database.one("SELECT 1 AS ours FROM sqlite_schema WHERE name = 'migrations'")
  if (ours !== undefined) return
  throw new AutomateError('usage', `${path} is no database of automate-tui. Nothing was changed.`)
}

function damagedBackup(path: string, cause: unknown): AutomateError {
  return new AutomateError(
    'store-damaged',
    `${path} cannot be restored, because it is damaged: ${messageOf(cause)} Nothing was changed. Restore another backup.`,
    { facts: { path }, cause },
  )
}
