import { mkdirSync } from 'node:fs'
import type { BigIntStats, Stats } from 'node:fs'
import { watch } from 'chokidar'
import type { Clock } from '../core/clock.ts'
import { systemClock } from '../core/clock.ts'
import { systemCode } from '../core/errors.ts'
import type { LogLine } from '../domain/log-line.ts'
import { LogCursor } from './log-cursor.ts'

/** How often files that grow are read: faster than an eye. */
const READ_EVERY_MS = 100

/** A file that grew is read until it was still for so many looks, whether or not the watcher speaks of it again. */
const STILL_LOOKS = 20

/** How often the folders are asked for: midnight brings new ones. */
const ASK_FOLDERS_EVERY_MS = 1_000

/** At the start the ends of the files changed last are shown: so many files, so much of each. */
const FIRST_FILES = 20
const FIRST_BYTES = 64 * 1024

/** Lines kept: a few screens. */
const DEFAULT_LINES = 500

export interface TailOptions {
  /** The folders whose `*.log` files are followed, absolute; those of today. They are made when missing. */
  readonly folders: () => readonly string[]
  /** Most lines kept. */
  readonly lines?: number
  readonly clock?: Clock
}

export interface LogTail {
  /** Resolves once the ends of the files that were there have been read. */
  readonly ready: Promise<void>
  /** The newest lines of all files by time, oldest first. A new array whenever it changed. */
  readonly lines: readonly LogLine[]
  /** Calls back with the lines that are new, by time; returns a function that ends it. */
  subscribe(listener: (fresh: readonly LogLine[]) => void): () => void
  close(): Promise<void>
}

/**
 * Follows all logs of some folders, reading only what was appended. Under a flood it skips lines here, never in the files.
 * A line without its newline waits until that comes; a file that shrank or was replaced is read from its beginning.
 */
export function tailLogs(options: TailOptions): LogTail {
  const tail = new Tail(options)
  return {
    ready: tail.ready,
    get lines() {
      return tail.lines
    },
    subscribe: listener => {
      const call = (fresh: readonly LogLine[]) => listener(fresh)
      tail.listeners.add(call)
      return () => tail.listeners.delete(call)
    },
    close: () => tail.close(),
  }
}

class Tail {
  readonly listeners = new Set<(fresh: readonly LogLine[]) => void>()
  readonly ready: Promise<void>
  lines: readonly LogLine[] = []
  private readonly most: number
  private readonly clock: Clock
  private readonly askFolders: () => readonly string[]
  private readonly followed = new Map<string, FollowedFolder>()
  private forget: () => void = () => undefined
  private askAt = 0
  private closed = false

  constructor({ folders, lines = DEFAULT_LINES, clock = systemClock }: TailOptions) {
    this.askFolders = folders
    this.most = lines
    this.clock = clock
    this.followFolders()
    this.ready = Promise.all([...this.followed.values()].map(folder => folder.ready)).then(() => this.pass())
  }

  async close(): Promise<void> {
    this.closed = true
    this.forget()
    await Promise.all([...this.followed.values()].map(folder => folder.close()))
  }

  private pass(): void {
    if (this.closed) return
    this.forget()
    this.forget = this.clock.after(READ_EVERY_MS, () => this.pass())
    if (this.clock.monotonic() >= this.askAt) this.followFolders()
    const now = this.clock.now()
    const fresh = [...this.followed.values()].flatMap(folder => folder.read(now))
    if (fresh.length === 0) return
    fresh.sort((a, b) => a.at - b.at)
    this.lines = [...this.lines, ...fresh].sort((a, b) => a.at - b.at).slice(-this.most)
    for (const listener of this.listeners) listener(fresh)
  }

  private followFolders(): void {
    this.askAt = this.clock.monotonic() + ASK_FOLDERS_EVERY_MS
    const wanted = new Set(this.askFolders())
    for (const path of wanted) {
      if (!this.followed.has(path)) this.followed.set(path, new FollowedFolder(path))
    }
    for (const [path, folder] of this.followed) {
      if (wanted.has(path)) continue
      this.followed.delete(path)
      void folder.close()
    }
  }
}

/** A log as it was when its folder was first looked at. */
interface PresentLog {
  readonly size: number
  readonly mtimeMs: number
}

/** chokidar's types do not say it: on Windows it gives big integers. */
function presentLog({ size, mtimeMs }: Stats | BigIntStats): PresentLog {
  return { size: Number(size), mtimeMs: Number(mtimeMs) }
}

/** One folder: which of its logs have grown, and how far each has been read. */
class FollowedFolder {
  readonly ready: Promise<void>
  private readonly cursors = new Map<string, LogCursor>()
  /** Files to look at, each with the number of looks in which it was still. */
  private readonly growing = new Map<string, number>()
  private readonly watcher: ReturnType<typeof watch>
  private readonly settle: () => void

  constructor(path: string) {
    const present = new Map<string, PresentLog>()
    let settled = false
    mkdirSync(path, { recursive: true, mode: 0o700 })
    this.watcher = watch(path, {
      depth: 0,
      atomic: false,
      alwaysStat: true,
      ignored: (file, stats) => stats?.isFile() === true && !file.endsWith('.log'),
    })
    const ready = Promise.withResolvers<undefined>()
    this.ready = ready.promise.then(() => undefined)
    this.settle = () => {
      if (settled) return
      settled = true
      this.startAtTheEnds(present)
      ready.resolve(undefined)
    }
    this.watcher
      .on('add', (file, stats) => {
        if (settled || stats === undefined) this.grew(file)
        else present.set(file, presentLog(stats))
      })
      .on('change', file => this.grew(file))
      .on('unlink', file => this.lost(file))
      .on('error', () => undefined)
      .once('ready', this.settle)
  }

  read(now: number): LogLine[] {
    return [...this.growing].flatMap(([file, stillLooks]) => {
      const lines = this.readOne(file, now)
      if (lines.length > 0) this.growing.set(file, 0)
      else if (stillLooks >= STILL_LOOKS) this.growing.delete(file)
      else this.growing.set(file, stillLooks + 1)
      return lines
    })
  }

  async close(): Promise<void> {
    this.settle()
    await this.watcher.close()
  }

  private readOne(file: string, now: number): LogLine[] {
    const cursor = this.cursors.get(file) ?? new LogCursor(file, 0)
    this.cursors.set(file, cursor)
    try {
      return cursor.read(now)
    } catch (error) {
      if (systemCode(error) === 'ENOENT') this.cursors.delete(file)
      return []
    }
  }

  private startAtTheEnds(present: ReadonlyMap<string, PresentLog>): void {
    const newestFirst = [...present].sort(([, a], [, b]) => b.mtimeMs - a.mtimeMs)
    for (const [index, [file, { size }]] of newestFirst.entries()) {
      if (index < FIRST_FILES) {
        this.cursors.set(file, new LogCursor(file, Math.max(0, size - FIRST_BYTES)))
        this.growing.set(file, 0)
      } else {
        this.cursors.set(file, new LogCursor(file, size))
      }
    }
  }

  private grew(file: string): void {
    this.growing.set(file, 0)
  }

  private lost(file: string): void {
    this.cursors.delete(file)
    this.growing.delete(file)
  }
}
