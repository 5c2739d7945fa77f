import { statSync } from 'node:fs'
import { dirname, isAbsolute } from 'node:path'
import { z } from 'zod'
import { AutomateError } from '../../../core/errors/errors.ts'
import { withTemporaryCopy } from '../../backup/unfinished-copies.ts'
import { copyError } from '../../copy-database.ts'
import type { Database } from '../../engine/database.ts'
import { runFileWork } from '../../file-work/run-file-work.ts'
import { databaseMadeAt } from '../../migrations/migrate.ts'
import { storedProjectId } from '../../project-id.ts'
import { defineBackground, defineOperation } from '../define.ts'

/**
 * Time limit of one call in the folder of a backup. A slow but working network share responds
 * within seconds.
 */
const FOLDER_LIMIT_MS = 60_000

/**
 * Minimum speed of a copy, in bytes per ms (1 MB/s). A slower disk or network is unsuitable for
 * backups.
 */
const SLOWEST_BYTES_A_MS = 1_000

const nothing = z.object({})

/**
 * SQLite's default for the number of WAL pages after which a commit moves the WAL into the database
 * file.
 */
const CHECKPOINT_PAGES = 1_000

/**
 * Maximum number of pages that one call returns to the disk, 4 MB. The call takes some
 * milliseconds, during which the store does nothing else.
 */
const SHRINK_PAGES = 1_000

const info = defineOperation({
  name: 'store.info',
  kind: 'read',
  input: nothing,
  output: z.object({
    path: z.string(),
    sizeBytes: z.int(),
    role: z.enum(['scheduler', 'transient']),
    /** See `Store.onChange`. */
    revision: z.int(),
    /** Number of writing commits of this owner. */
    commits: z.int(),
    migration: z.int(),
    /** Time at which the database was created, in epoch ms. */
    madeAt: z.int(),
    /** See `identifyProject`. */
    projectId: z.int().nullable(),
    sqliteVersion: z.string(),
    journalMode: z.string(),
  }),
  run: (db, _input, { owner }) => ({
    ...owner,
    sizeBytes: statSync(owner.path).size,
    madeAt: databaseMadeAt(db),
    projectId: storedProjectId(db),
    sqliteVersion: String(db.one('SELECT sqlite_version() AS version')?.['version']),
    journalMode: String(db.one('PRAGMA journal_mode')?.['journal_mode']),
  }),
})

/**
 * Checks the whole database and its indexes in a separate process. `problems` is empty if the
 * database is intact.
 */
const check = defineBackground({
  name: 'store.check',
  input: nothing,
  output: z.object({ ok: z.boolean(), problems: z.array(z.string()) }),
  run: (db, _input, { owner, ending }) =>
    whileFileRests(db, async () => {
      const { problems } = await runFileWork({ type: 'check', path: owner.path }, ending)
      return { ok: problems.length === 0, problems }
    }),
})

/**
 * Writes a consistent copy to a new file and checks the copy, in a separate process. The copy is
 * renamed to its final name only if it is complete and intact.
 */
const backup = defineBackground({
  name: 'store.backup',
  input: z.object({ to: z.string().refine(isAbsolute, 'must be an absolute path') }),
  output: z.object({ to: z.string(), sizeBytes: z.int() }),
  run: async (db, { to }, { owner, ending, guard }) => {
    const [from, folder] = [owner.path, dirname(to)]
    return withTemporaryCopy(from, to, async temporary => {
      const limitMs = FOLDER_LIMIT_MS + statSync(from).size / SLOWEST_BYTES_A_MS
      const { sizeBytes } = await whileFileRests(db, async () => {
        const work = { type: 'copy', from, to: temporary, name: to } as const
        const copy = await runFileWork(work, ending, { folder, limitMs })
        if (copy.problems.length === 0) return copy
        const { problems } = await runFileWork({ type: 'check', path: from }, ending)
        throw problems.length === 0 ? badCopy(to, copy.problems) : damagedCopy(from, problems)
      })
      guard()
      const work = { type: 'publish', from, temporary, to } as const
      await runFileWork(work, ending, { folder, limitMs: FOLDER_LIMIT_MS })
      return { to, sizeBytes }
    }).catch((thrown: unknown) => {
      // Also covers the note about the copy, which is written to the disk of the database.
      throw copyError(from, folder, thrown)
    })
  },
})

/**
 * Rewrites the file without its free pages. All other requests wait during the call, and the disk
 * needs as much free space as the database takes.
 */
const vacuum = defineBackground({
  name: 'store.vacuum',
  input: nothing,
  output: z.object({ beforeBytes: z.int(), afterBytes: z.int() }),
  run: (db, _input, { owner }) => {
    checkpoint(db)
    const { size: beforeBytes } = statSync(owner.path)
    db.exec('VACUUM')
    checkpoint(db)
    return Promise.resolve({ beforeBytes, afterBytes: statSync(owner.path).size })
  },
})

/**
 * Returns free pages to the disk, some at a time. For a database that an earlier version created,
 * this works only after its first `store.vacuum`.
 */
const shrink = defineOperation({
  name: 'store.shrink',
  kind: 'maintenance',
  input: nothing,
  output: z.object({ more: z.boolean() }),
  run: db => {
    const free = () => Number(db.one('PRAGMA freelist_count')?.['freelist_count'] ?? 0)
    const before = free()
    db.all(`PRAGMA incremental_vacuum(${SHRINK_PAGES})`)
    const after = free()
    return { more: after > 0 && after < before }
  },
})

/**
 * Rewrites the header of the database unchanged and syncs it, as any commit does. The page is
 * written to the WAL, which is reused. Because the call runs outside of the transactions of
 * requests, it reports no change and stores no row. An idle project can therefore be checked as
 * often as needed.
 * @throws `store-refused` if the disk refuses writes.
 */
const probe = defineOperation({
  name: 'store.probe',
  kind: 'maintenance',
  input: nothing,
  output: nothing,
  run: db => {
    db.one(`PRAGMA user_version=${storedProjectId(db) ?? 0}`)
    return {}
  },
})

/**
 * Runs `act` while commits are written only to the WAL, so that the database file does not change
 * until `act` has ended.
 */
async function whileFileRests<T>(db: Database, act: () => Promise<T>): Promise<T> {
  checkpoint(db)
  db.one('PRAGMA wal_autocheckpoint=0')
  try {
    return await act()
  } finally {
    db.one(`PRAGMA wal_autocheckpoint=${CHECKPOINT_PAGES}`)
  }
}

function checkpoint(db: Database): void {
  const busy = db.one('PRAGMA wal_checkpoint(TRUNCATE)')?.['busy']
  if (busy !== 0) throw new AutomateError('store-busy', 'The database is in use by a reader. Try again.')
}

/**
 * Returns the error for a damaged copy. The disk of the copy is at fault, because the database
 * itself is intact.
 */
function badCopy(to: string, problems: readonly string[]): AutomateError {
  return new AutomateError(
    'store-refused',
    `The copy ${to} was damaged while it was written, and was removed: ${problems.join('; ')}. The database itself is intact. Check the disk of the copy.`,
    { facts: { to } },
  )
}

function damagedCopy(path: string, problems: readonly string[]): AutomateError {
  return new AutomateError(
    'store-damaged',
    `No backup was made, because the database ${path} is damaged: ${problems.join('; ')}. Restore an earlier backup with "automate-tui db restore <file>".`,
    { facts: { path } },
  )
}

export const upkeepOperations = {
  [info.name]: info,
  [check.name]: check,
  [backup.name]: backup,
  [vacuum.name]: vacuum,
  [shrink.name]: shrink,
  [probe.name]: probe,
}
