import { statfsSync } from 'node:fs'
import type { Log } from '../core/log.ts'
import type { ProjectPaths } from '../core/paths.ts'

const BYTES_A_MEGABYTE = 1024 * 1024

/** With less a browser's profile does not fit beside what runs already. */
const SCARCE_BYTES = 64 * BYTES_A_MEGABYTE

/** So much makes room again: not a little more than that, so that work does not stop and go with every file. */
const ENOUGH_BYTES = 2 * SCARCE_BYTES

/** Whether the project's disk has room for more work. */
export class DiskRoom {
  private readonly paths: ProjectPaths
  private readonly log: Log
  private scarceNow = false
  private freeBytes = Infinity

  constructor(paths: ProjectPaths, log: Log) {
    this.paths = paths
    this.log = log
  }

  /** No more work is to begin. */
  get scarce(): boolean {
    return this.scarceNow
  }

  /** What is to be said of it; undefined while there is room. */
  get trouble(): string | undefined {
    if (!this.scarceNow) return undefined
    const free = Math.floor(this.freeBytes / BYTES_A_MEGABYTE)
    return (
      `The disk of ${this.paths.root} is full (${free} MB are left): no job starts until ${ENOUGH_BYTES / BYTES_A_MEGABYTE} MB are free, and what runs goes on as far as it can. ` +
      'Free some space, or lower keepLogs, logsMegabytes, tracesMegabytes or keepBackups. The database shrinks by keepJobs and "automate-tui db vacuum".'
    )
  }

  /** Looks at the disk; tells whether that changes anything. */
  look(): boolean {
    const before = this.scarceNow
    this.freeBytes = freeBytes(this.paths.data)
    this.scarceNow = this.freeBytes < (before ? ENOUGH_BYTES : SCARCE_BYTES)
    if (before === this.scarceNow) return false
    if (this.trouble === undefined) this.log.warn('There is room on the disk again: jobs start as before.')
    else this.log.error(this.trouble)
    return true
  }
}

/** What a user who is not root may still write; unlimited where the system does not say. */
function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  } catch {
    return Infinity
  }
}
