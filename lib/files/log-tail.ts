import type { Clock } from '../core/clock.ts'
import { systemClock } from '../core/clock.ts'
import type { LogLine } from '../domain/log-line.ts'
import { FollowedFolder } from './followed-folder.ts'

/** How often files that grow are read: faster than an eye. */
const READ_EVERY_MS = 100

/** How often the folders are asked for, since midnight brings new ones, and looked at for what their watchers missed. */
const LOOK_ANYWAY_MS = 1_000

/** Lines kept: a few screens. */
const DEFAULT_LINES = 500

export interface TailOptions {
  /** The folders whose `*.log` files are followed, absolute; those of today. They are made when missing; that they cannot be is thrown at the start, and waited out later. */
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
  private passAt = Infinity
  private lookAt = 0
  private closed = false

  constructor({ folders, lines = DEFAULT_LINES, clock = systemClock }: TailOptions) {
    this.askFolders = folders
    this.most = lines
    this.clock = clock
    try {
      this.followFolders()
    } catch (error) {
      void this.close()
      throw error
    }
    this.ready = Promise.resolve().then(() => this.pass())
  }

  close(): Promise<void> {
    this.closed = true
    this.forget()
    for (const folder of this.followed.values()) folder.close()
    return Promise.resolve()
  }

  /** Reads after `ms`, or sooner when that was planned already. */
  private plan(ms: number): void {
    const at = this.clock.monotonic() + ms
    if (this.closed || at >= this.passAt) return
    this.forget()
    this.passAt = at
    this.forget = this.clock.after(ms, () => this.pass())
  }

  private pass(): void {
    if (this.closed) return
    this.passAt = Infinity
    if (this.clock.monotonic() >= this.lookAt) this.lookAnyway()
    this.readAll()
    const growing = [...this.followed.values()].some(folder => folder.growing)
    this.plan(growing ? READ_EVERY_MS : Math.max(READ_EVERY_MS, this.lookAt - this.clock.monotonic()))
  }

  private readAll(): void {
    const now = this.clock.now()
    const fresh = [...this.followed.values()].flatMap(folder => folder.read(now))
    if (fresh.length === 0) return
    fresh.sort((a, b) => a.at - b.at)
    this.lines = [...this.lines, ...fresh].sort((a, b) => a.at - b.at).slice(-this.most)
    for (const listener of this.listeners) listener(fresh)
  }

  private lookAnyway(): void {
    for (const [path, folder] of this.followed) if (!folder.look()) this.leave(path, folder)
    try {
      this.followFolders()
    } catch {
      // Today's folders cannot be made (a full disk): what is followed still is, since logs go on in yesterday's then, and the next look asks again.
    }
  }

  private followFolders(): void {
    this.lookAt = this.clock.monotonic() + LOOK_ANYWAY_MS
    const wanted = new Set(this.askFolders())
    for (const path of wanted) {
      if (this.followed.has(path)) continue
      this.followed.set(path, new FollowedFolder(path, () => this.plan(READ_EVERY_MS), this.most))
    }
    for (const [path, folder] of this.followed) if (!wanted.has(path)) this.leave(path, folder)
  }

  private leave(path: string, folder: FollowedFolder): void {
    this.followed.delete(path)
    folder.close()
  }
}
