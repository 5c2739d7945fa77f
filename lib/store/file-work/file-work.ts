import { z } from 'zod'
import { errorCode, messageOf } from '../../core/errors.ts'
import { ErrorRecord } from '../../domain/error-record.ts'
import { copyDatabase, isSameDatabase } from '../copy-database.ts'
import { FileDatabase } from '../engine/database.ts'
import { databaseMadeAt } from '../migrate.ts'
import { readMigrations } from '../migrations-folder.ts'
import { schemaDifferences } from '../schema-check.ts'

/** Work on the whole of a database file, which takes seconds for a large one. */
export const FileWork = z.discriminatedUnion('type', [
  /** Copies a file to `to` and checks the copy. */
  z.object({ type: z.literal('copy'), from: z.string(), to: z.string(), scratch: z.string() }),
  /** Compares a database with a copy of it, and checks the copy. */
  z.object({ type: z.literal('compare'), path: z.string(), copy: z.string(), scratch: z.string() }),
  /** Reads every page and every index of a file, and compares its schema with that of a new one. */
  z.object({ type: z.literal('check'), path: z.string(), scratch: z.string() }),
  /** Reads when a database was made. */
  z.object({ type: z.literal('date'), path: z.string(), scratch: z.string() }),
])
export type FileWork = z.infer<typeof FileWork>

/** The result of the work: the size of the file, and the problems that the check found. */
export const FileReport = z.object({
  sizeBytes: z.int(),
  problems: z.array(z.string()),
  /** When the database was made, in epoch ms. */
  madeAt: z.int().optional(),
})
export type FileReport = z.infer<typeof FileReport>

export const FileReply = z.union([
  z.object({ ok: z.literal(true), report: FileReport }),
  z.object({ ok: z.literal(false), error: ErrorRecord }),
])
export type FileReply = z.infer<typeof FileReply>

/** Does the work. `scratch` is where SQLite may put files of its own: nothing is written beside the checked file. */
export async function doFileWork(work: FileWork): Promise<FileReport> {
  if (work.type === 'copy') {
    const sizeBytes = copyDatabase(work.from, work.to)
    return { sizeBytes, problems: await checkFile(work.to, 'quick_check', work.scratch) }
  }
  if (work.type === 'compare') {
    if (!isSameDatabase(work.path, work.copy)) return { sizeBytes: 0, problems: [`${work.copy} differs`] }
    return { sizeBytes: 0, problems: await checkFile(work.copy, 'quick_check', work.scratch) }
  }
  if (work.type === 'date') return dateFile(work.path, work.scratch)
  const damage = await checkFile(work.path, 'integrity_check', work.scratch)
  return { sizeBytes: 0, problems: damage.length > 0 ? damage : await checkSchema(work.path, work.scratch) }
}

/** Returns the problems of a database file, none for an intact one. */
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

async function dateFile(path: string, scratch: string): Promise<FileReport> {
  let madeAt = 0
  const problems = await problemsOf(path, scratch, database => {
    madeAt = databaseMadeAt(database)
    return []
  })
  return { sizeBytes: 0, problems, madeAt }
}

/** Passes a database file to `find`, which only reads it. */
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
