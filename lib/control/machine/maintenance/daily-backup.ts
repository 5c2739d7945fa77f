import type { Clock } from '../../../core/time/clock.ts'
import { AutomateError, errorCode, messageOf } from '../../../core/errors/errors.ts'
import type { Log } from '../../../core/log.ts'
import type { ClockWatch } from '../../clock/clock-watch.ts'
import type { FileReport, WantedFileWork } from '../../../store/file-work/file-work.ts'
import { runFileWork } from '../../../store/file-work/run-file-work.ts'
import { backupPath } from '../../../store/restore/backups.ts'
import type { Store } from '../../../store/store.ts'

const DAY_MS = 24 * 3_600_000

/** Interval of the checks for a due backup, and therefore its longest delay. */
const ROUND_MS = 60_000

/** Pause after a failure. A full disk, for example, may have room later. */
const RETRY_MS = 3_600_000

/** Time limit for one access to the folder. Even a slow network share responds within seconds. */
const FOLDER_LIMIT_MS = 60_000

export interface DailyBackupDependencies {
  readonly store: Pick<Store, 'call'>
  readonly clock: Clock
  readonly log: Log
  /** Absolute path of the folder for backups. */
  readonly backupFolder: string
  /**
   * Number of automatic backups to keep. If it is 0, no backup is made. For a day after a gap of
   * the clock, up to twice as many are kept.
   */
  readonly keepBackups: number
  readonly clockWatch: Pick<ClockWatch, 'gaps'>
  /** Called with the reason at the first of several failures in a row. */
  readonly onBackupFails?: (reason: string) => void
  /** Time limit for one access to the folder. */
  readonly folderLimitMs?: number
}

/**
 * Makes a daily backup of the database, and removes the oldest backups. Does not touch other files
 * in the folder, such as the backups of other projects. The folder is accessed by another process,
 * because it may be on a network share that hangs.
 */
export class DailyBackup {
  private readonly deps: DailyBackupDependencies
  private nextAt = -Infinity
  private adopted = false
  private isRunning = false
  private removed = 0
  private failure = ''
  /**
   * Newest backup in the folder, so that the folder need not be read until the next backup is due.
   */
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
   * rejects. A failure is logged, and people are notified of the first one. After `signal` aborts,
   * the round neither removes nor logs anything.
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
    // A new database gets its first backup after a day, because it holds little before then.
    if (isRecent(madeAt)) return 0
    if (this.newest?.folder === backupFolder && isRecent(this.newest.madeAt)) return 0
    const adopt = this.adopted ? {} : { adopt: { projectId, madeAt } }
    const list = { type: 'list', folder: backupFolder, now, database, ...adopt } as const
    const { backups: own = [] } = await this.workInFolder(list, signal)
    this.adopted = true
    const newest = own.find(one => one.madeAt <= now)
    this.newest = newest && { folder: backupFolder, madeAt: newest.madeAt }
    // If the database was made while the clock was ahead, a backup is due at once.
    if (isRecent(newest?.madeAt ?? madeAt)) {
      this.succeed()
      return 0
    }
    const to = backupPath(backupFolder, now, projectId)
    await store.call('store.backup', { to })
    this.newest = { folder: backupFolder, madeAt: now }
    this.succeed()
    // After a gap the clock may be wrong, so twice as many backups are kept. Otherwise a clock that
    // is wrong at each start would have a good backup replaced at each start.
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
    // Without its database the scheduler ends, and people are notified of a damaged database
    // separately.
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
 * Returns the error for a project without an id. A project has none if the disk was full when the
 * database was opened.
 */
function withoutId(): AutomateError {
  return new AutomateError(
    'environment-unfit',
    'The project has no id, because data/project.json could not be written. Free some space on the disk and start the scheduler again.',
  )
}
