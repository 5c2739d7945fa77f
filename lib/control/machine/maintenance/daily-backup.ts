import type { Clock } from '../../../core/time/clock.ts'
import { AutomateError, errorCode, messageOf } from '../../../core/errors/errors.ts'
import type { Log } from '../../../core/log.ts'
import type { ClockWatch } from '../../clock/clock-watch.ts'
import type { FileReport, WantedFileWork } from '../../../store/file-work/file-work.ts'
import { runFileWork } from '../../../store/file-work/run-file-work.ts'
import { backupPath } from '../../../store/restore/backups.ts'
import type { Store } from '../../../store/store.ts'

const DAY_MS = 24 * 3_600_000

/** Interval of the checks for a due backup, and so the longest delay of a backup. */
const ROUND_MS = 60_000

/** Pause after a failure, because a full disk may have room later. */
const RETRY_MS = 3_600_000

/** A slow share that works responds within seconds. */
const FOLDER_LIMIT_MS = 60_000

export interface DailyBackupDependencies {
  readonly store: Pick<Store, 'call'>
  readonly clock: Clock
  readonly log: Log
  /** Absolute folder of the backups. */
  readonly backupFolder: string
  /**
   * Number of automatic backups to keep; 0 makes none. For a day after a gap of the clock up to
   * twice as many are kept.
   */
  readonly keepBackups: number
  readonly clockWatch: Pick<ClockWatch, 'gaps'>
  /** Receives the reason of the first of several failures. */
  readonly onBackupFails?: (reason: string) => void
  /** Limit of one access to the folder, in milliseconds. */
  readonly folderLimitMs?: number
}

/**
 * Makes a daily backup of the database, and removes the oldest backups. Does not touch other files
 * of the folder, such as the backups of other projects. Another process works in the folder, which
 * may be on a share that hangs.
 */
export class DailyBackup {
  private readonly deps: DailyBackupDependencies
  private nextAt = -Infinity
  private adopted = false
  private isRunning = false
  private removed = 0
  private failure = ''
  /** Newest backup of the folder. The folder is not read until the next backup is due. */
  private newest: { readonly folder: string; readonly madeAt: number } | undefined

  constructor(deps: DailyBackupDependencies) {
    this.deps = deps
  }

  /**
   * Starts a round, unless a round is running. Returns the number of old backups that were removed
   * since the last call.
   */
  begin(signal: AbortSignal): number {
    if (!this.isRunning) {
      this.isRunning = true
      void this.round(signal).then(removed => {
        this.removed += removed
        this.isRunning = false
      })
    }
    const { removed } = this
    this.removed = 0
    return removed
  }

  /**
   * Makes a backup if one is due. Returns the number of old backups that were removed. Never
   * rejects. Logs a failure, and notifies the first one. After `signal` aborts, the round removes
   * and logs nothing.
   */
  async round(signal: AbortSignal = new AbortController().signal): Promise<number> {
    const { clock, keepBackups } = this.deps
    if (keepBackups === 0 || clock.monotonic() < this.nextAt) return 0
    this.nextAt = clock.monotonic() + ROUND_MS
    try {
      return await this.backUp(signal)
    } catch (error) {
      this.nextAt = clock.monotonic() + RETRY_MS
      if (!signal.aborted) this.fail(error)
      return 0
    }
  }

  private async backUp(signal: AbortSignal): Promise<number> {
    const { store, clock, backupFolder, keepBackups, clockWatch } = this.deps
    const now = clock.now()
    const isRecent = (at: number) => at <= now && now - at < DAY_MS
    const { path: database, madeAt, projectId } = await store.call('store.info', {})
    if (projectId === null) throw withoutId()
    // A new database also gets its first backup after a day, because it holds little before.
    if (isRecent(madeAt)) return 0
    if (this.newest?.folder === backupFolder && isRecent(this.newest.madeAt)) return 0
    const adopt = this.adopted ? {} : { adopt: { projectId, madeAt } }
    const list = { type: 'list', folder: backupFolder, now, database, ...adopt } as const
    const { backups: own = [] } = await this.workInFolder(list, signal)
    this.adopted = true
    const newest = own.find(one => one.madeAt <= now)
    this.newest = newest && { folder: backupFolder, madeAt: newest.madeAt }
    // A database that was made while the clock was ahead is due at once.
    if (isRecent(newest?.madeAt ?? madeAt)) {
      this.succeed()
      return 0
    }
    const to = backupPath(backupFolder, now, projectId)
    await store.call('store.backup', { to })
    this.newest = { folder: backupFolder, madeAt: now }
    this.succeed()
    // Otherwise a clock that is wrong at each start would replace a backup at each start.
    const isDoubtful = clockWatch.gaps.some(({ to }) => to <= now && now - to < DAY_MS)
    const kept = isDoubtful ? 2 * keepBackups : keepBackups
    const old = [to, ...own.map(({ path }) => path)].slice(kept)
    if (old.length > 0) await this.workInFolder({ type: 'remove', paths: old }, signal)
    return old.length
  }

  private workInFolder(work: WantedFileWork, signal: AbortSignal): Promise<FileReport> {
    const { backupFolder: folder, folderLimitMs: limitMs = FOLDER_LIMIT_MS } = this.deps
    return runFileWork(work, signal, { folder, limitMs })
  }

  private fail(error: unknown): void {
    const message = messageOf(error)
    if (message === this.failure) return
    this.deps.log.error(`The daily backup of the database failed: ${message} The next try is in an hour.`)
    // The scheduler ends without its database, and notifies of damage by itself.
    const isStoreGone = ['store-damaged', 'store-closed'].includes(errorCode(error))
    if (this.failure === '' && !isStoreGone) this.deps.onBackupFails?.(message)
    this.failure = message
  }

  private succeed(): void {
    if (this.failure !== '') this.deps.log.warn('The daily backup of the database works again.')
    this.failure = ''
  }
}

/**
 * Returns the error for a project without an id, which happens if the disk was full when the
 * database was opened.
 */
function withoutId(): AutomateError {
  return new AutomateError(
    'environment-unfit',
    'The project has no id, because data/project.json could not be written. Free some space on the disk and start the scheduler again.',
  )
}
