import { z } from 'zod'
import { AutomateError } from '../core/errors.ts'
import type { Database } from './engine/database.ts'
import type { Migration } from './migrations-folder.ts'

const MIGRATIONS_TABLE = `
  CREATE TABLE IF NOT EXISTS migrations (
    number     INTEGER PRIMARY KEY,
    name       TEXT NOT NULL,
    checksum   TEXT NOT NULL,
    applied_at INTEGER NOT NULL
  ) STRICT`

const Applied = z.object({ number: z.int(), name: z.string(), checksum: z.string() })

/**
 * Brings the schema up to the last of `migrations`, each in one transaction; what is applied already is left alone.
 * Answers the number of the last one. Thrown `store-newer` when the database has migrations that are not known here, `migration-changed`
 * when the text of an applied one is another now.
 */
export function migrate(db: Database, migrations: readonly Migration[], now: number): number {
  db.exec(MIGRATIONS_TABLE)
  const applied = z
    .array(Applied)
    .parse(db.all('SELECT number, name, checksum FROM migrations ORDER BY number'))
  const newest = applied.at(-1)
  if (newest !== undefined && newest.number > migrations.length) {
    throw new AutomateError(
      'store-newer',
      `The database is from a newer automate-tui (migration ${newest.number} "${newest.name}", this program knows ${migrations.length}). Install that version; nothing was changed.`,
      { facts: { database: newest.number, program: migrations.length } },
    )
  }
  for (const migration of migrations) {
    const before = applied.find(({ number }) => number === migration.number)
    if (before === undefined) apply(db, migration, now)
    else if (before.checksum !== migration.checksum) throw changed(migration, before.name)
  }
  return migrations.length
}

function apply(db: Database, { number, name, checksum, sql }: Migration, now: number): void {
  db.run('BEGIN IMMEDIATE')
  try {
    db.exec(sql)
    db.run(
      'INSERT INTO migrations (number, name, checksum, applied_at) VALUES ($number, $name, $checksum, $now)',
      {
        number,
        name,
        checksum,
        now,
      },
    )
    db.run('COMMIT')
  } catch (thrown) {
    rollBack(db)
    throw thrown
  }
}

function changed({ number, name }: Migration, before: string): AutomateError {
  return new AutomateError(
    'migration-changed',
    `Migration ${number} "${name}" is not the one that this database was made with ("${before}"). Install automate-tui again, or the version that made the database; nothing was changed.`,
    { facts: { number, name } },
  )
}

function rollBack(db: Database): void {
  try {
    db.exec('ROLLBACK')
  } catch {
    // After a full disk SQLite has rolled back by itself; the first error is the one to tell.
  }
}
