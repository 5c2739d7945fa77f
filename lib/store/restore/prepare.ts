import { existsSync, rmSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { AutomateError, errorCode, messageOf } from '../../core/errors/errors.ts'
import { temporaryName } from '../backup/unfinished-copies.ts'
import { copyDatabase } from '../copy-database.ts'
import { FileDatabase } from '../engine/database.ts'
import {
  appliedMigrations,
  databaseMadeAt,
  migrate,
  requireKnown,
  requireUnchanged,
} from '../migrations/migrate.ts'
import type { Migration } from '../migrations/migrations-folder.ts'
import { hasOurMigrations, schemaDifferences } from '../migrations/schema-check.ts'
import type { AsideReason } from '../quarantine.ts'
import { projectIdOf, storeProjectId, storedProjectId, projectRootOf } from '../project-id.ts'
import { countLost, newestMoment } from './lost-since.ts'
import type { LostSince } from './lost-since.ts'
import type { Replacement } from './replace-database.ts'
import { isWithin } from '../../core/process/paths.ts'

const SIDE_FILES = ['-wal', '-journal']

interface Preparation {
  /** Path of the current database. */
  readonly path: string
  readonly migrations: readonly Migration[]
  readonly now: number
}

interface Restore extends Preparation {
  /** True to accept a backup of another project. */
  readonly anyProject?: boolean
}

/** Comparison of the current database with a backup. */
export interface RestoreFacts {
  /** Time of the last change in the backup, in epoch ms; null if it has none. */
  readonly newestAt: number | null
  /**
   * Numbers of rows that only the current database has; null if it does not exist or cannot be
   * read.
   */
  readonly lost: LostSince | null
}

/**
 * Makes a checked copy of a backup next to the current database, and migrates the copy to the
 * schema of this program.
 * @throws `usage` if the file is missing, is not a database of this program, or belongs to another
 * project.
 * @throws `store-damaged` if the backup is damaged.
 * @throws the errors of `migrate`.
 */
export async function prepareRestore(
  backup: string,
  { path, migrations, now, anyProject = false }: Restore,
): Promise<Replacement<RestoreFacts>> {
  requireFile(backup)
  const file = temporaryName(path)
  try {
    copyAll(backup, file)
    const origin = await using(file, async database => {
      requireIntact(database, backup)
      await requireOurs(database, { backup, migrations, scratch: temporaryName(path) })
      migrate(database, migrations, now)
      const found = { id: storedProjectId(database), madeAt: databaseMadeAt(database) }
      storeProjectId(database, projectIdOf(path))
      return { ...found, newestAt: newestMoment(database) }
    })
    const { reason, lost, madeAt } = await compare(path, file)
    if (!anyProject) requireOwn({ ...origin, backup }, { path, madeAt })
    return { file, reason, facts: { newestAt: origin.newestAt, lost } }
  } catch (thrown) {
    removeAll(file)
    throw errorCode(thrown) === 'store-damaged' ? damagedBackup(backup, thrown) : thrown
  }
}

/** Creates an empty database next to the current one. */
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

interface Comparison {
  readonly reason: AsideReason
  readonly lost: LostSince | null
  /**
   * Time at which the current database was created, in epoch ms; null if it does not exist or
   * cannot be read.
   */
  readonly madeAt: number | null
}

/**
 * Compares a copy of the current database with the one that replaces it. The current one may be
 * damaged and must not be changed.
 */
async function compare(path: string, next: string): Promise<Comparison> {
  if (!existsSync(path) || statSync(path).size === 0) return { reason: 'replaced', lost: null, madeAt: null }
  const copy = temporaryName(path)
  try {
    copyAll(path, copy)
    return await using(copy, present => using(next, backup => lostOf(present, backup)))
  } catch (thrown) {
    if (errorCode(thrown) === 'store-damaged') return { reason: 'damaged', lost: null, madeAt: null }
    throw thrown
  } finally {
    removeAll(copy)
  }
}

function lostOf(present: FileDatabase, backup: FileDatabase): Comparison {
  const reason = present.one('PRAGMA quick_check(1)')?.['quick_check'] === 'ok' ? 'replaced' : 'damaged'
  return {
    reason,
    lost: unlessUnreadable(() => countLost(present, backup)),
    madeAt: unlessUnreadable(() => databaseMadeAt(present)),
  }
}

/**
 * Returns the result of `read`, or null if a table of the current database cannot be read or
 * belongs to another version.
 */
function unlessUnreadable<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
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

interface Checked {
  readonly backup: string
  readonly migrations: readonly Migration[]
  /** Path for a temporary database to compare with. */
  readonly scratch: string
}

/**
 * Checks the schema of a backup before the migrations run. These would execute code from the
 * schema, and would fail if a table is missing.
 */
async function requireOurs(database: FileDatabase, { backup, migrations, scratch }: Checked): Promise<void> {
  const applied = (await hasOurMigrations(database, scratch)) ? appliedMigrations(database) : []
  const newest = applied.at(-1)
  if (newest === undefined)
    throw new AutomateError('usage', `${backup} is not a database of automate-tui. Nothing was changed.`)
  requireKnown(migrations, newest.number, undefined)
  requireUnchanged(migrations, applied)
  const differences = await schemaDifferences(database, migrations, scratch)
  if (differences.length === 0) return
  throw new AutomateError('store-damaged', `its schema was changed. ${differences.join(' ')}`)
}

function damagedBackup(path: string, cause: unknown): AutomateError {
  return new AutomateError(
    'store-damaged',
    `${path} cannot be restored, because it is damaged: ${messageOf(cause)} Nothing was changed. Restore another backup.`,
    { facts: { path }, cause },
  )
}

/** Facts about the origin of a backup. */
interface Origin {
  readonly backup: string
  /** Id of the backup's project; null if an earlier version made the backup. */
  readonly id: number | null
  /** Time at which the database of the backup was created, in epoch ms. */
  readonly madeAt: number
}

/** Facts about the current database. */
interface Present {
  readonly path: string
  /** Time at which it was created, in epoch ms; null if it does not exist or cannot be read. */
  readonly madeAt: number | null
}

/**
 * Accepts a backup of this project, and any backup if the project has had no database yet.
 * @throws `usage` for a backup of another project, because several projects may share a folder for
 * backups.
 */
function requireOwn({ backup, id, madeAt }: Origin, present: Present): void {
  const own = projectIdOf(present.path)
  if (own === null && present.madeAt === null) return
  if (id === null || own === null ? isSameDatabase() : id === own) return
  throw new AutomateError(
    'usage',
    `${backup} is a backup of another project. Nothing was changed. To use it in this project, add --from-another-project.`,
    { facts: { backup, id, own } },
  )

  /**
   * True if the current database and the backup have the same origin. Used if one of them has no
   * id, because an earlier version made it. A damaged database cannot be compared.
   */
  function isSameDatabase(): boolean {
    if (present.madeAt === madeAt) return true
    return id === null && (present.madeAt === null || isWithin(projectRootOf(present.path), resolve(backup)))
  }
}
