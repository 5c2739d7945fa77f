import { rmSync } from 'node:fs'
import { z } from 'zod'
import { FileDatabase } from '../engine/database.ts'
import type { Database } from '../engine/database.ts'
import { appliedMigrations, migrate } from './migrate.ts'
import type { Migration } from './migrations-folder.ts'

/** Maximum number of differences in a message. More would not help a person to act. */
const MOST_DIFFERENCES = 5

/** Tables that SQLite creates itself, and whose names are reserved. */
const OF_SQLITE = new Set(['sqlite_sequence', 'sqlite_stat1', 'sqlite_stat4'])

/**
 * Matches the plain tables to which `sqlite3 .recover` adds rows that it cannot assign to another
 * table. The program never reads them.
 */
const RECOVERED = /^CREATE TABLE "?lost_and_found(?:_\d+)?"?\([\w\s,]*\)$/

const Part = z.object({ type: z.string(), name: z.string(), tbl_name: z.string(), sql: z.string() })

/** Returns true if the table `migrations` of a database is exactly as this program creates it. */
export async function hasOurMigrations(database: Database, scratch: string): Promise<boolean> {
  const ours = await schemaAt([], scratch)
  const theirs = partsOf(database)
  return [...ours].every(([key, text]) => theirs.get(key) === text)
}

/**
 * Compares the schema of a database with that of a new database with the same migrations. Returns a
 * sentence for each difference. Only reads the database. The new database is created at `scratch`
 * and removed afterwards. Returns no differences if the database has migrations that this program
 * does not know, because they cannot be compared.
 */
export async function schemaDifferences(
  database: Database,
  migrations: readonly Migration[],
  scratch: string,
): Promise<string[]> {
  if (!(await hasOurMigrations(database, scratch)))
    return ['The table "migrations" differs from the one that automate-tui creates.']
  const applied = appliedMigrations(database)
  if (applied.some(({ number, checksum }) => isUnknown(migrations, number, checksum))) return []
  const known = migrations.slice(0, applied.length)
  if (applied.at(-1)?.number !== applied.length) return ['The table "migrations" lacks a migration.']
  const differences = differencesOf(await schemaAt(known, scratch), partsOf(database))
  const more = differences.length - MOST_DIFFERENCES
  return more <= 0
    ? differences
    : [...differences.slice(0, MOST_DIFFERENCES), `There are ${more} more differences.`]
}

function isUnknown(migrations: readonly Migration[], number: number, checksum: string): boolean {
  const known = migrations[number - 1]
  return known === undefined || known.checksum !== checksum
}

function differencesOf(wanted: ReadonlyMap<string, string>, found: ReadonlyMap<string, string>): string[] {
  return [
    ...[...wanted].flatMap(([key, text]) => {
      const actual = found.get(key)
      if (actual === undefined) return [`The ${key} is missing.`]
      return actual === text ? [] : [`The ${key} differs from the one that automate-tui creates.`]
    }),
    ...[...found.keys()]
      .filter(key => !wanted.has(key))
      .map(key => `The ${key} does not belong to the schema of automate-tui.`),
  ]
}

async function schemaAt(migrations: readonly Migration[], scratch: string): Promise<Map<string, string>> {
  const database = await FileDatabase.open(scratch)
  try {
    // There is nothing to lose in a crash, so there is no need to wait for the disk.
    database.exec('PRAGMA synchronous=OFF')
    if (migrations.length === 0) appliedMigrations(database)
    else migrate(database, migrations, 0)
    return partsOf(database)
  } finally {
    database.abandon()
    for (const part of ['', '-wal', '-journal']) rmSync(scratch + part, { force: true })
  }
}

/**
 * Returns the SQL texts of a schema by type and name. An index that SQLite creates for a constraint
 * has no text.
 */
function partsOf(database: Database): Map<string, string> {
  return new Map(
    z
      .array(Part)
      .parse(database.all('SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL'))
      .filter(({ type, name, sql }) => !(type === 'table' && (OF_SQLITE.has(name) || RECOVERED.test(sql))))
      .map(({ type, name, tbl_name, sql }) => [
        `${type} ${JSON.stringify(name)}`,
        `${tbl_name}: ${sql.replaceAll('\r\n', '\n').trim()}`,
      ]),
  )
}
