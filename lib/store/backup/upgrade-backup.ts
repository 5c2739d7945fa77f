import { rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { namesIn } from '../../core/disk/names-in.ts'
import { makeFolder } from '../../core/disk/make-folder.ts'
import { AutomateError, messageOf } from '../../core/errors/errors.ts'
import { PROGRAM } from '../../core/process/program.ts'
import { publishCopy } from '../copy-database.ts'
import type { FileDatabase } from '../engine/database.ts'
import { runFileWork } from '../file-work/run-file-work.ts'
import { temporaryName } from './unfinished-copies.ts'

const PRIVATE_FOLDER = 0o700

/**
 * Matches names like `before-0.2.0-migration-24-20261130T120000123Z.db`. The first number is the
 * version of the program that migrated the database, and the second is the last migration of the
 * copy.
 */
const NAME = /^before-.+-migration-(\d+)-(\d{8}T\d{9}Z)\.db$/

/** Returns the path of the folder for backups of a database before upgrades. */
export const backupsOf = (path: string): string => join(dirname(path), 'backups')

/**
 * Copies a database whose last migration is `migration` and that is about to be migrated, so that
 * the earlier version of the program can be used again. Returns the path of the copy. Reuses an
 * intact copy of the same state, because a service that fails to migrate is started again and
 * again. These copies are never removed.
 * @throws `store-refused` if there is no checked copy. The database must not be migrated then.
 */
export async function backUpBeforeUpgrade(
  database: FileDatabase,
  migration: number,
  now: number,
): Promise<string> {
  const { path } = database
  const stamp = new Date(now).toISOString().replaceAll(/[-:.]/g, '')
  const to = join(backupsOf(path), `before-${PROGRAM.version}-migration-${migration}-${stamp}.db`)
  try {
    makeFolder(backupsOf(path), PRIVATE_FOLDER, dirname(path))
    database.one('PRAGMA wal_checkpoint(TRUNCATE)')
    const earlier = await sameCopy(path, migration)
    if (earlier === undefined) await checkedCopy(path, to)
    return earlier ?? to
  } catch (thrown) {
    throw notMigrated(
      path,
      'the backup before the migration failed',
      thrown,
      'Fix this problem, then start again.',
    )
  }
}

/** Returns the error for a database that is not migrated because of `failure`. */
export function notMigrated(path: string, failure: string, cause: unknown, remedy: string): AutomateError {
  const reason = messageOf(cause).replace(/\.$/, '')
  return new AutomateError(
    'store-refused',
    `The database ${basename(path)} must be migrated for automate-tui ${PROGRAM.version}, but ${failure}: ${reason}. Nothing was changed. ${remedy}`,
    { facts: { path }, cause },
  )
}

/**
 * Returns the path of an intact copy with the same contents as the database; undefined if there is
 * none.
 */
async function sameCopy(path: string, migration: number): Promise<string | undefined> {
  for (const { file } of copiesOf(path).filter(copy => copy.migration === migration)) {
    const work = { type: 'compare', path, copy: file } as const
    const { problems } = await runFileWork(work, new AbortController().signal)
    if (problems.length === 0) return file
  }
  return undefined
}

async function checkedCopy(from: string, to: string): Promise<void> {
  const temporary = temporaryName(to)
  try {
    const { problems } = await runFileWork(
      { type: 'copy', from, to: temporary },
      new AbortController().signal,
    )
    if (problems.length > 0) throw new AutomateError('store-damaged', problems.join('; '))
    publishCopy(temporary, to)
  } finally {
    rmSync(temporary, { force: true })
  }
}

/**
 * Returns the path of the newest copy, made before an upgrade of the database at `path`, that a
 * program with `migrations` migrations can open; undefined if there is none.
 */
export function backupFor(path: string, migrations: number): string | undefined {
  return copiesOf(path).find(({ migration }) => migration <= migrations)?.file
}

/** Returns the copies that were made before upgrades of a database, newest first. */
function copiesOf(path: string): { readonly file: string; readonly migration: number }[] {
  return namesIn(backupsOf(path))
    .flatMap(name => {
      const [, migration = '', stamp = ''] = NAME.exec(name) ?? []
      return stamp === '' ? [] : [{ file: join(backupsOf(path), name), migration: Number(migration), stamp }]
    })
    .toSorted((a, b) => (a.stamp < b.stamp ? 1 : -1))
}
