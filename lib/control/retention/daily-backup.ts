import { mkdirSync, rmSync } from 'node:fs'
import type { Clock } from '../../core/clock.ts'
import { AutomateError, messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import type { ClockWatch } from '../clock/clock-watch.ts'
import { adoptBackups, backupPath, ownBackups } from '../../store/restore/backups.ts'
import type { Store } from '../../store/store.ts'

const DAY_MS = 24 * 3_600_000

/** Interval at which the folder is read. A backup is late by no more than this. */
const ROUND_MS = 60_000

/** A disk that is full now has room later. */
const RETRY_MS = 3_600_000

const PRIVATE_FOLDER = 0o700

export interface DailyBackupDependencies {
  readonly store: Pick<Store, 'call'>
  readonly clock: Clock
  readonly log: Log
  /** Absolute. */
  readonly backupFolder: string
  /** Number of automatic backups to keep; 0 makes none. For a day after a gap of the clock up to twice as many are kept. */
  readonly keepBackups: number
  readonly clockWatch: Pick<ClockWatch, 'gaps'>
}

/**
 * Makes a backup of the database a day, and removes the oldest ones. Other files of the folder, also the backups of other projects,
 * are left alone.
 */
export class DailyBackup {
  private readonly deps: DailyBackupDependencies
  private nextAt = -Infinity
  private adopted = false

  constructor(deps: DailyBackupDependencies) {
    this.deps = deps
  }

  /** Makes a backup when one is due. Returns how many old ones were removed. Never rejects: a failure is logged. */
  async round(): Promise<number> {
    const { clock, log, keepBackups } = this.deps
    if (keepBackups === 0 || clock.monotonic() < this.nextAt) return 0
    this.nextAt = clock.monotonic() + ROUND_MS
    try {
      return await this.backUp()
    } catch (error) {
      this.nextAt = clock.monotonic() + RETRY_MS
      log.error(`The daily backup of the database failed: ${messageOf(error)} It is tried again in an hour.`)
      return 0
    }
  }

  private async backUp(): Promise<number> {
    const { store, clock, backupFolder, keepBackups, clockWatch } = this.deps
    const now = clock.now()
    const { path: database, madeAt, projectId } = await store.call('store.info', {})
    if (projectId === null) throw withoutId()
    if (!this.adopted) await adoptBackups(backupFolder, database, { now, projectId, madeAt })
    this.adopted = true
    const newest = ownBackups(backupFolder, now, database).find(one => one.madeAt <= now)
    // A new database has its first backup after a day too: before, it holds little.
    if (now - (newest?.madeAt ?? madeAt) < DAY_MS) return 0
    mkdirSync(backupFolder, { recursive: true, mode: PRIVATE_FOLDER })
    await store.call('store.backup', { to: backupPath(backupFolder, now, projectId) })
    // A clock that is wrong at a start would replace a backup at each of them.
    const isDoubtful = clockWatch.gaps.some(({ to }) => to <= now && now - to < DAY_MS)
    const old = ownBackups(backupFolder, now, database).slice(isDoubtful ? 2 * keepBackups : keepBackups)
    for (const { path } of old) rmSync(path, { force: true })
    return old.length
  }
}

/** The disk was full when the database was opened. */
function withoutId(): AutomateError {
  return new AutomateError(
    'environment-unfit',
    'The project has no id, because data/project.json could not be written. Free some space on the disk and start the scheduler again.',
  )
}
