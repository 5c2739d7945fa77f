import { z } from 'zod'
import { AutomateError } from '../../core/errors/errors.ts'
import { PROGRAM } from '../../core/process/program.ts'
import type { Database } from '../engine/database.ts'
import type { Migration } from './migrations-folder.ts'

const MIGRATIONS_TABLE = `
  CREATE TABLE IF NOT EXISTS migrations (
    number     INTEGER PRIMARY KEY,
    name       TEXT NOT NULL,
    checksum   TEXT NOT NULL,
    applied_at INTEGER NOT NULL
  ) STRICT`

const Applied = z.object({ number: z.int(), name: z.string(), checksum: z.string() })
type Applied = z.infer<typeof Applied>

/**
 * Returns the time at which a database was created, in epoch ms. For a copy, returns the time of
 * the original.
 */
export const databaseMadeAt = (db: Database): number =>
  Number(db.one('SELECT min(applied_at) AS at FROM migrations')?.['at'])

/**
 * Returns the migrations that were applied to a database, oldest first; none for a new database.
 */
export function appliedMigrations(db: Database): Applied[] {
  db.exec(MIGRATIONS_TABLE)
  return z.array(Applied).parse(db.all('SELECT number, name, checksum FROM migrations ORDER BY number'))
}

/**
 * Applies those of `migrations` that have not been applied yet, in one transaction. If that fails,
 * the database keeps its old schema, which the older program can still open. Returns the number of
 * the last migration.
 * @throws `store-newer` if the database has migrations that this program does not know.
 * @throws `migration-changed` if the text of an applied migration has changed.
 */
export function migrate(db: Database, migrations: readonly Migration[], now: number): number {
  const applied = appliedMigrations(db)
  requireKnown(migrations, applied.at(-1)?.number ?? 0, undefined)
  requireUnchanged(migrations, applied)
  const pending = migrations.filter(({ number }) => applied.every(each => each.number !== number))
  if (pending.length > 0) applyAll(db, pending, now)
  return migrations.length
}

/** @throws `migration-changed` if the text of an applied migration has changed. */
export function requireUnchanged(migrations: readonly Migration[], applied: readonly Applied[]): void {
  for (const migration of migrations) {
    const before = applied.find(({ number }) => number === migration.number)
    if (before !== undefined && before.checksum !== migration.checksum) throw changed(migration, before.name)
  }
}

/**
 * Refuses a database that a newer program has migrated. `newest` is the number of the database's
 * last migration, and `backup` is the path of its copy from before the upgrade, if there is one.
 * @throws `store-newer` if this program does not know that migration.
 */
export function requireKnown(
  migrations: readonly Migration[],
  newest: number,
  backup: string | undefined,
): void {
  if (newest <= migrations.length) return
  const back =
    backup === undefined
      ? ''
      : ` Or restore the database from before the upgrade: automate-tui db restore "${backup}". That copy has no later changes.`
  throw new AutomateError(
    'store-newer',
    `The database is from a newer automate-tui (it has migration ${newest}, but automate-tui ${PROGRAM.version} knows only ${migrations.length}). Nothing was changed. Install the newer version again.${back}`,
    { facts: { database: newest, program: migrations.length, backup: backup ?? null } },
  )
}

function applyAll(db: Database, migrations: readonly Migration[], now: number): void {
  db.run('BEGIN IMMEDIATE')
  try {
    for (const { number, name, checksum, sql } of migrations) {
      db.exec(sql)
      db.run(
        'INSERT INTO migrations (number, name, checksum, applied_at) VALUES ($number, $name, $checksum, $now)',
        { number, name, checksum, now },
      )
    }
    db.run('COMMIT')
  } catch (thrown) {
    rollBack(db)
    throw thrown
  }
}

function changed({ number, name }: Migration, before: string): AutomateError {
  return new AutomateError(
    'migration-changed',
    `Migration ${number} "${name}" differs from the one in this database ("${before}"). Nothing was changed. Install automate-tui again, or the version that created the database.`,
    { facts: { number, name } },
  )
}

function rollBack(db: Database): void {
  try {
    db.exec('ROLLBACK')
  } catch {
    // SQLite rolls back by itself when the disk is full, so ROLLBACK fails. The first error is the
    // one to report.
  }
}
