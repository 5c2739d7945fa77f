import { dirname, join } from 'node:path'
import { namesIn } from '../../core/disk/names-in.ts'
import type { Clock } from '../../core/time/clock.ts'
import { makeFolder } from '../../core/disk/make-folder.ts'
import { removeOwnFile } from '../../core/disk/remove-own.ts'
import { errorCode } from '../../core/errors/errors.ts'
import type { ProjectPaths } from '../../core/process/paths.ts'
import { FileDatabase } from '../engine/database.ts'
import { migrate } from '../migrations/migrate.ts'
import type { Migration } from '../migrations/migrations-folder.ts'
import { openStore } from '../open-store.ts'
import type { Store } from '../store.ts'
import { temporaryName } from './unfinished-copies.ts'
import { backupsOf, notMigrated } from './upgrade-backup.ts'

const PRIVATE_FOLDER = 0o700

/** Longest wait for the owner. A scheduler normally replies within milliseconds. */
const OWNER_PATIENCE_MS = 5_000

/** Beginning of the temporary copy's name. An owner removes such files when it starts. */
const TRIAL = 'upgrade-trial'
const TRIAL_NAME = /^upgrade-trial\.[\da-f-]{36}\.tmp(?:-wal|-journal)?$/

const REMEDY = 'Fix this problem, or install the previous version.'

/**
 * Tests the next start on a copy of the database. The owner writes the copy to the folder of the
 * backups. The migrations are then applied to the copy, and the copy is removed. Does nothing if no
 * process owns the database, or if the owner uses another protocol.
 * @throws `store-refused` if the copy cannot be written or migrated.
 */
export async function tryUpgrade(
  paths: ProjectPaths,
  migrations: readonly Migration[],
  clock: Clock,
): Promise<void> {
  const store = await ownersStore(paths, clock)
  if (store === undefined) return
  const folder = backupsOf(paths.database)
  const copy = temporaryName(join(folder, TRIAL))
  try {
    removeTrials(folder)
    await copyTo(copy, store, paths.database)
    await migrateCopy(copy, migrations, clock.now(), paths.database)
  } finally {
    await store.close()
    removeTrials(folder)
  }
}

async function ownersStore(paths: ProjectPaths, clock: Clock): Promise<Store | undefined> {
  try {
    return await openStore({ paths, clock, role: 'client', waitMs: OWNER_PATIENCE_MS })
  } catch (error) {
    const code = errorCode(error)
    if (code === 'store-closed' || code === 'environment-unfit') return undefined
    throw error
  }
}

async function copyTo(copy: string, store: Store, database: string): Promise<void> {
  try {
    makeFolder(dirname(copy), PRIVATE_FOLDER, dirname(database))
    await store.call('store.backup', { to: copy })
  } catch (error) {
    throw notMigrated(database, 'the backup before the migration failed', error, REMEDY)
  }
}

async function migrateCopy(
  copy: string,
  migrations: readonly Migration[],
  now: number,
  path: string,
): Promise<void> {
  let database: FileDatabase | undefined
  try {
    database = await FileDatabase.open(copy)
    migrate(database, migrations, now)
    // A real start makes this checkpoint later, and it needs disk space too.
    database.one('PRAGMA wal_checkpoint(TRUNCATE)')
    database.close()
  } catch (error) {
    database?.abandon()
    throw notMigrated(path, 'the migration of a copy failed', error, REMEDY)
  }
}

/**
 * Removes the copy of a trial, including one that a killed trial left behind. Only one process at a
 * time may test an upgrade of a project.
 */
function removeTrials(folder: string): void {
  for (const name of namesIn(folder))
    if (TRIAL_NAME.test(name))
      try {
        removeOwnFile(join(folder, name))
      } catch {
        // Windows refuses the removal while antivirus software reads the file.
      }
}
