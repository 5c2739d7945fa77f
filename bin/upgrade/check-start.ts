import { loadConnect } from '../../lib/execution/browser/launch/load-puppeteer.ts'
import { systemClock } from '../../lib/core/time/clock.ts'
import { requireKnown } from '../../lib/store/migrations/migrate.ts'
import { readMigrations } from '../../lib/store/migrations/migrations-folder.ts'
import { backupFor } from '../../lib/store/backup/upgrade-backup.ts'
import { tryUpgrade } from '../../lib/store/backup/upgrade-trial.ts'
import type { Project } from '../../lib/app/project/project.ts'

/**
 * Checks that this version can start, for a scheduler of another version that wants to restart into
 * it. Loads the modules of the scheduler and its workers, and tries the migrations on a copy of the
 * database, to which the first `migrations` of them have been applied.
 * @throws The error that would prevent the start.
 */
export async function checkStart({ paths }: Project, migrations: number): Promise<void> {
  await import('../commands/headless.ts')
  await loadConnect()
  const known = readMigrations()
  requireKnown(known, migrations, backupFor(paths.database, known.length))
  if (migrations < known.length) await tryUpgrade(paths, known, systemClock)
}
