import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { AutomateError, messageOf } from '../../core/errors.ts'
import { PROGRAM } from '../../core/program.ts'
import { publishCopy } from '../copy-database.ts'
import type { FileDatabase } from '../engine/database.ts'
import { runFileWork } from '../file-work/run-file-work.ts'
import { temporaryName } from './unfinished-copies.ts'

const PRIVATE_FOLDER = 0o700

/** `before-0.2.0-migration-24-20261130T120000123Z.db`: the version that migrates, and the last migration of the copy. */
const NAME = /^before-.+-migration-(\d+)-(\d{8}T\d{9}Z)\.db$/

/** The folder of the backups of a database. */
const folderOf = (path: string): string => join(dirname(path), 'backups')

/**
 * Copies a database that is about to be migrated from `migration` on, so that the version before can be used again. These copies are few, and never removed.
 * @throws `store-refused` when there is no checked copy: then nothing may be migrated.
 */
export async function backUpBeforeUpgrade(
  database: FileDatabase,
  migration: number,
  now: number,
): Promise<string> {
  const { path } = database
  const stamp = new Date(now).toISOString().replaceAll(/[-:.]/g, '')
  const to = join(folderOf(path), `before-${PROGRAM.version}-migration-${migration}-${stamp}.db`)
  try {
    mkdirSync(folderOf(path), { recursive: true, mode: PRIVATE_FOLDER })
    database.one('PRAGMA wal_checkpoint(TRUNCATE)')
    await checkedCopy(path, to)
    return to
  } catch (thrown) {
    throw new AutomateError(
      'store-refused',
      `The database ${basename(path)} must be migrated for automate-tui ${PROGRAM.version}, and the backup before that failed: ${messageOf(thrown)}. Nothing was changed. Mend that and start again.`,
      { facts: { path }, cause: thrown },
    )
  }
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

/** Returns the newest copy of the database at `path` from before an upgrade that a program with so many migrations can open. */
export function backupFor(path: string, migrations: number): string | undefined {
  const copies = namesIn(folderOf(path)).flatMap(name => {
    const [, migration = '', stamp = ''] = NAME.exec(name) ?? []
    return stamp !== '' && Number(migration) <= migrations ? [{ name, stamp }] : []
  })
  const newest = copies.sort((a, b) => (a.stamp < b.stamp ? -1 : 1)).at(-1)
  return newest === undefined ? undefined : join(folderOf(path), newest.name)
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
