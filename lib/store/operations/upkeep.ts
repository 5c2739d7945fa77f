import { statSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { z } from 'zod'
import { AutomateError } from '../../core/errors.ts'
import { copyDatabase } from '../copy-database.ts'
import { defineOperation } from './define.ts'

const nothing = z.object({})

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
    /** Commits of this owner that wrote. */
    commits: z.int(),
    migration: z.int(),
    sqliteVersion: z.string(),
    journalMode: z.string(),
  }),
  run: (db, _input, { owner }) => ({
    ...owner,
    sizeBytes: statSync(owner.path).size,
    sqliteVersion: String(db.one('SELECT sqlite_version() AS version')?.['version']),
    journalMode: String(db.one('PRAGMA journal_mode')?.['journal_mode']),
  }),
})

/** Reads the whole database and its indexes; `problems` is empty when all is well. */
const check = defineOperation({
  name: 'store.check',
  kind: 'maintenance',
  input: nothing,
  output: z.object({ ok: z.boolean(), problems: z.array(z.string()) }),
  run: db => {
    const problems = db
      .all('PRAGMA integrity_check')
      .map(row => String(row['integrity_check']))
      .filter(verdict => verdict !== 'ok')
    return { ok: problems.length === 0, problems }
  },
})

/** Writes a consistent copy to a new file, while everything else waits. */
const backup = defineOperation({
  name: 'store.backup',
  kind: 'maintenance',
  input: z.object({ to: z.string().refine(isAbsolute, 'must be an absolute path') }),
  output: z.object({ to: z.string(), sizeBytes: z.int() }),
  run: (db, { to }, { owner }) => {
    const busy = db.one('PRAGMA wal_checkpoint(TRUNCATE)')?.['busy']
    if (busy !== 0) throw new AutomateError('store-busy', 'The database is in use by a reader. Try again.')
    return { to, sizeBytes: copyDatabase(owner.path, to) }
  },
})

export const upkeepOperations = { [info.name]: info, [check.name]: check, [backup.name]: backup }
