import { readdirSync, statSync, watch } from 'node:fs'
import type { FSWatcher } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from '../../core/disk/make-folder.ts'
import { systemCode } from '../../core/errors/errors.ts'
import type { LogLine } from '../../model/log-line.ts'
import { LogCursor } from './log-cursor.ts'

/**
 * Number of reads without new lines after which a file is no longer read, unless the watcher
 * reports a change.
 */
const STILL_LOOKS = 20

/**
 * Number of the most recently changed files that are read even if the watcher reports no change.
 */
const NEWEST_FILES = 20

/**
 * Maximum number of bytes that are read at the start from the end of each recently changed file,
 * and from all of these files together.
 */
const FIRST_BYTES = 64 * 1024
const FIRST_BYTES_OF_ALL = 32 * FIRST_BYTES

/**
 * Existing lines of a folder that are read at the start: the last `lines` that were written at
 * `since` or later.
 */
export interface WantedLines {
  readonly lines: number
  /** In epoch ms. */
  readonly since: number
}

/**
 * Follows the `*.log` files of one folder, and remembers the position up to which each was read.
 * Watches only for the names of changed files. Watching the state of every file would cost more at
 * each change than reading the files.
 */
export class TailedDirectory {
  private readonly path: string
  private readonly onGrowth: () => void
  private readonly inode: number
  private readonly watcher: FSWatcher | undefined
  /** Cursors by file name, ordered by the last growth of the file; the latest is last. */
  private readonly cursors = new Map<string, LogCursor>()
  /** Names of the files to read, each with its number of consecutive reads without growth. */
  private readonly active = new Map<string, number>()
  private changedAt = -1

  /**
   * Creates the folder if it is missing. `grew` is called when a file that was at rest gets new
   * lines. `wanted` are the existing lines that are read first.
   */
  constructor(path: string, grew: () => void, wanted: WantedLines) {
    this.path = path
    this.onGrowth = grew
    makeFolder(path, 0o700)
    this.inode = statSync(path).ino
    this.watcher = this.watch()
    try {
      this.startAtTheEnds(wanted)
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** True if files of the folder have grown recently. */
  get growing(): boolean {
    return this.active.size > 0
  }

  read(now: number): LogLine[] {
    return [...this.active].flatMap(([name, stillLooks]) => {
      const lines = this.readOne(name, now)
      if (lines.length > 0) this.active.set(name, 0)
      else if (stillLooks >= STILL_LOOKS) this.active.delete(name)
      else this.active.set(name, stillLooks + 1)
      return lines
    })
  }

  /**
   * Finds changes that the watcher missed, because the event queue was full or the files are on a
   * network drive. Returns false if the folder has been removed or replaced.
   */
  rescan(): boolean {
    try {
      const { ino, mtimeMs } = statSync(this.path)
      if (ino !== this.inode) return false
      if (mtimeMs !== this.changedAt) {
        this.changedAt = mtimeMs
        for (const name of logsIn(this.path)) if (!this.cursors.has(name)) this.begin(name)
      }
    } catch (error) {
      return systemCode(error) !== 'ENOENT'
    }
    for (const name of [...this.cursors.keys()].slice(-NEWEST_FILES)) {
      if (!this.active.has(name)) this.active.set(name, STILL_LOOKS)
    }
    return true
  }

  close(): void {
    this.watcher?.close()
  }

  private watch(): FSWatcher | undefined {
    try {
      const watcher = watch(this.path, (_event, name) => {
        if (name?.endsWith(ENDING) === true) this.begin(name)
      })
      // An error of the watcher only delays new lines, because the polls continue.
      return watcher.on('error', () => watcher.close())
    } catch {
      return undefined
    }
  }

  /**
   * Starts to read a file until it stops growing. Does nothing if the file is being read already.
   */
  private begin(name: string): void {
    if (this.active.has(name)) return
    this.active.set(name, 0)
    this.onGrowth()
  }

  private readOne(name: string, now: number): LogLine[] {
    const cursor = this.cursors.get(name) ?? new LogCursor(join(this.path, name), 0)
    try {
      const lines = cursor.read(now)
      if (lines.length > 0) this.cursors.delete(name)
      this.cursors.set(name, cursor)
      return lines
    } catch (error) {
      if (systemCode(error) === 'ENOENT') this.cursors.delete(name)
      return []
    }
  }

  private startAtTheEnds({ lines, since }: WantedLines): void {
    const present = logsIn(this.path).flatMap(name => {
      const stats = statSync(join(this.path, name), { throwIfNoEntry: false })
      return stats?.isFile() === true ? [{ name, size: stats.size, mtimeMs: stats.mtimeMs }] : []
    })
    present.sort((a, b) => b.mtimeMs - a.mtimeMs)
    let bytesLeft = FIRST_BYTES_OF_ALL
    const begun = present.map(({ name, size, mtimeMs }, nth) => {
      // `nth` files changed later, and each has at least one later line. So no line of this file is
      // wanted if `nth` reaches `lines`.
      const shown = nth < lines && mtimeMs >= since ? Math.min(size, FIRST_BYTES, bytesLeft) : 0
      bytesLeft -= shown
      return { name, from: size - shown, wasRead: shown > 0 || nth < NEWEST_FILES }
    })
    for (const { name, from, wasRead } of begun.reverse()) {
      this.cursors.set(name, new LogCursor(join(this.path, name), from))
      if (wasRead) this.active.set(name, 0)
    }
  }
}

const ENDING = '.log'

const logsIn = (folder: string): string[] => readdirSync(folder).filter(name => name.endsWith(ENDING))
