import { statfsSync } from 'node:fs'
import { messageOf } from '../../../core/errors/errors.ts'
import type { Log } from '../../../core/log.ts'
import type { ProjectPaths } from '../../../core/process/paths.ts'
import type { SingleNotification } from '../../../model/notify/notification.ts'

const BYTES_A_MEGABYTE = 1024 * 1024

/**
 * Free space below which no job starts. A browser's profile would not fit in addition to the
 * running work.
 */
const SCARCE_BYTES = 64 * BYTES_A_MEGABYTE

/**
 * Free space from which jobs start again. It is well above `SCARCE_BYTES`, so that jobs do not stop
 * and start again with every file.
 */
const ENOUGH_BYTES = 2 * SCARCE_BYTES

export interface DiskSpaceOptions {
  readonly paths: Pick<ProjectPaths, 'root' | 'data'>
  readonly log: Log
  /**
   * Queues a notice. Rejects if the database cannot store it, for example because the disk is
   * completely full.
   */
  readonly notify: (notice: SingleNotification) => Promise<unknown>
  /** Returns the number of free bytes on the disk of a folder. */
  readonly freeBytes?: (folder: string) => number
}

/** Checks whether the disk of the project has room for more work. */
export class DiskSpace {
  private readonly options: DiskSpaceOptions
  private isLowNow = false
  private free = Infinity
  /** True if the last notice that was queued reports a full disk. */
  private notifiedLow = false
  private isNotifying = false
  private notifyFailure = ''

  constructor(options: DiskSpaceOptions) {
    this.options = options
  }

  /** True if no further job may start. */
  get isLow(): boolean {
    return this.isLowNow
  }

  /** True while the last queued notice reports a full disk. */
  get isNotified(): boolean {
    return this.notifiedLow
  }

  /** Message about the full disk; undefined while there is room. */
  get trouble(): string | undefined {
    if (!this.isLowNow) return undefined
    return (
      `The disk of ${this.options.paths.root} is full (${this.freeMegabytes} MB are free). No job starts until ${ENOUGH_BYTES / BYTES_A_MEGABYTE} MB are free; running jobs continue as far as possible. ` +
      'Free some space, or lower keepLogs, maxLogs, maxTraces or keepBackups. To shrink the database, lower keepJobs and run "automate-tui db vacuum".'
    )
  }

  /** Measures the disk. Returns true if the state has changed. */
  check(): boolean {
    const { paths, log, freeBytes = freeBytesOf } = this.options
    const before = this.isLowNow
    this.free = freeBytes(paths.data)
    this.isLowNow = this.free < (before ? ENOUGH_BYTES : SCARCE_BYTES)
    // Retried at each call, because a disk that is completely full cannot store the notice.
    if (this.isLowNow !== this.notifiedLow && !this.isNotifying) void this.notify()
    if (before === this.isLowNow) return false
    if (this.trouble === undefined) log.warn('The disk has enough free space again, so jobs start again.')
    else log.error(this.trouble)
    return true
  }

  private get freeMegabytes(): number {
    return Math.floor(this.free / BYTES_A_MEGABYTE)
  }

  private async notify(): Promise<void> {
    const { paths, log, notify } = this.options
    const isLow = this.isLowNow
    this.isNotifying = true
    try {
      await notify(
        isLow
          ? {
              kind: 'disk-full',
              folder: paths.root,
              freeMegabytes: this.freeMegabytes,
              neededMegabytes: ENOUGH_BYTES / BYTES_A_MEGABYTE,
            }
          : { kind: 'disk-room' },
      )
      this.notifiedLow = isLow
      this.notifyFailure = ''
    } catch (error) {
      const message = messageOf(error)
      if (message !== this.notifyFailure)
        log.warn(`The notification about the disk could not be queued and is being retried: ${message}`)
      this.notifyFailure = message
    } finally {
      this.isNotifying = false
    }
  }
}

/**
 * Returns the number of bytes that a user other than root can still write, or `Infinity` if the
 * system does not report it.
 */
function freeBytesOf(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  } catch {
    return Infinity
  }
}
