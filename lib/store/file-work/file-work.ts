import { dirname } from 'node:path'
import { z } from 'zod'
import { makeFolder } from '../../core/disk/make-folder.ts'
import { removeOwnFile } from '../../core/disk/remove-own.ts'
import { errorCode, messageOf } from '../../core/errors/errors.ts'
import { ErrorRecord } from '../../model/failure/error-record.ts'
import { copyDatabase, copyError, isSameDatabase, publishCopy, requireNewFile } from '../copy-database.ts'
import { FileDatabase } from '../engine/database.ts'
import { databaseMadeAt } from '../migrations/migrate.ts'
import { readMigrations } from '../migrations/migrations-folder.ts'
import { Backup, adoptBackups, ownBackups } from '../restore/backups.ts'
import { schemaDifferences } from '../migrations/schema-check.ts'

/**
 * Work on a whole database file, which takes seconds if the file is large, or in a folder that may
 * be on a network share.
 */
const Wanted = z.discriminatedUnion('type', [
  /** Copies a file to `to` and checks the copy, which is renamed to `name` later. */
  z.object({
    type: z.literal('copy'),
    from: z.string(),
    to: z.string(),
    name: z.exactOptional(z.string()),
  }),
  /** Renames a complete copy of `from` to its final name. */
  z.object({ type: z.literal('publish'), from: z.string(), temporary: z.string(), to: z.string() }),
  /** Compares a database with a copy of it, and checks the copy. */
  z.object({ type: z.literal('compare'), path: z.string(), copy: z.string() }),
  /**
   * Reads every page and every index of a file, and compares its schema with that of a new
   * database.
   */
  z.object({ type: z.literal('check'), path: z.string() }),
  /**
   * Lists the backups of a database in a folder. With `adopt`, first creates the folder and renames
   * the backups of earlier versions.
   */
  z.object({
    type: z.literal('list'),
    folder: z.string(),
    now: z.int(),
    database: z.string(),
    adopt: z.exactOptional(z.object({ projectId: z.int(), madeAt: z.int() })),
  }),
  /** Removes files, if they exist. */
  z.object({ type: z.literal('remove'), paths: z.array(z.string()) }),
])
export type WantedFileWork = z.infer<typeof Wanted>

/**
 * `scratch` is the path for SQLite's own files, because nothing may be written next to the checked
 * file.
 */
export const FileWork = Wanted.and(z.object({ scratch: z.string() }))
export type FileWork = z.infer<typeof FileWork>

/**
 * Result of the work: the size of the file, the problems that a check found, and the backups that
 * were listed.
 */
export const FileReport = z.object({
  sizeBytes: z.int(),
  problems: z.array(z.string()),
  backups: z.exactOptional(z.array(Backup)),
})
export type FileReport = z.infer<typeof FileReport>

const DONE: FileReport = { sizeBytes: 0, problems: [] }

const PRIVATE_FOLDER = 0o700

export const FileReply = z.union([
  z.object({ ok: z.literal(true), report: FileReport }),
  z.object({ ok: z.literal(false), error: ErrorRecord }),
])
export type FileReply = z.infer<typeof FileReply>

/** Does the work, and returns its result. */
export async function doFileWork(work: FileWork): Promise<FileReport> {
  switch (work.type) {
    case 'copy': {
      if (work.name !== undefined) requireNewFile(work.name)
      const sizeBytes = copyDatabase(work.from, work.to)
      return { sizeBytes, problems: await checkFile(work.to, 'quick_check', work.scratch) }
    }
    case 'publish':
      try {
        publishCopy(work.temporary, work.to)
      } catch (thrown) {
        throw copyError(work.from, dirname(work.to), thrown)
      }
      return DONE
    case 'compare':
      return isSameDatabase(work.path, work.copy)
        ? { ...DONE, problems: await checkFile(work.copy, 'quick_check', work.scratch) }
        : { ...DONE, problems: [`${work.copy} differs`] }
    case 'check': {
      const damage = await checkFile(work.path, 'integrity_check', work.scratch)
      return { ...DONE, problems: damage.length > 0 ? damage : await checkSchema(work.path, work.scratch) }
    }
    case 'list': {
      const { folder, now, database, adopt, scratch } = work
      if (adopt !== undefined) {
        makeFolder(folder, PRIVATE_FOLDER)
        await adoptBackups(folder, database, { now, ...adopt, dateOf: path => dateFile(path, scratch) })
      }
      return { ...DONE, backups: ownBackups(folder, now, database) }
    }
    case 'remove':
      for (const path of work.paths) removeOwnFile(path)
      return DONE
  }
}

/** Returns a sentence for each problem of a database file; none for an intact file. */
function checkFile(
  path: string,
  check: 'quick_check' | 'integrity_check',
  scratch: string,
): Promise<string[]> {
  return problemsOf(path, scratch, database =>
    database
      .all(`PRAGMA ${check}`)
      .map(row => String(row[check]))
      .filter(verdict => verdict !== 'ok'),
  )
}

function checkSchema(path: string, scratch: string): Promise<string[]> {
  return problemsOf(path, scratch, database =>
    schemaDifferences(database, readMigrations(), `${scratch}-schema`),
  )
}

/** Returns the time at which a database was created, in epoch ms; undefined for a damaged file. */
async function dateFile(path: string, scratch: string): Promise<number | undefined> {
  let madeAt: number | undefined
  await problemsOf(path, scratch, database => {
    madeAt = databaseMadeAt(database)
    return []
  }).catch(() => undefined)
  return madeAt
}

/** Opens a database file for reading only, and returns the problems that `find` finds in it. */
async function problemsOf(
  path: string,
  scratch: string,
  find: (database: FileDatabase) => string[] | Promise<string[]>,
): Promise<string[]> {
  let database: FileDatabase | undefined
  try {
    database = await FileDatabase.openToRead(path, scratch)
    return await find(database)
  } catch (thrown) {
    if (errorCode(thrown) === 'store-damaged') return [messageOf(thrown)]
    throw thrown
  } finally {
    database?.abandon()
  }
}
