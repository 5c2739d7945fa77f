import type { Clock } from '../../core/time/clock.ts'
import { systemClock } from '../../core/time/clock.ts'
import type { LogLine } from '../../model/log-line.ts'
import { TailedDirectory } from './tailed-directory.ts'

/** Interval of the reads of growing files, too short to be seen. */
const READ_EVERY_MS = 100

/**
 * Interval at which the folders are requested, because midnight brings new ones, and polled for
 * changes that their watchers missed.
 */
const LOOK_ANYWAY_MS = 1_000

/**
 * Time for which a folder is followed after the last request, because a worker writes its last
 * lines while its document is removed. A folder that is dropped and followed again would show its
 * lines twice.
 */
const LINGER_MS = 60_000

/** Retained lines: a few screens. */
const DEFAULT_LINES = 500

export interface TailOptions {
  /**
   * Returns the absolute folders with the `*.log` files to follow: see `logFolders`. Missing
   * folders are made. A failure throws at the start, and is retried later.
   */
  readonly folders: () => readonly string[]
  /** Time of the oldest line to show, in epoch ms. Absent: no limit. */
  readonly since?: number
  /** Most retained lines. */
  readonly lines?: number
  readonly clock?: Clock
}

export interface LogTail {
  /** Resolves once the ends of the present files have been read. */
  readonly ready: Promise<void>
  /** Newest lines of all files by time, oldest first. A new array after each change. */
  readonly lines: readonly LogLine[]
  /** Calls `listener` with the new lines, by time. Returns a function that ends the calls. */
  subscribe(listener: (fresh: readonly LogLine[]) => void): () => void
  close(): Promise<void>
}

/**
 * Follows all logs of some folders, and reads only appended bytes. Under a flood it skips lines
 * here, never in the files. A line without a newline waits for its newline. A file that shrank or
 * was replaced is read from its beginning.
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
  private readonly since: number
  private readonly clock: Clock
  private readonly askFolders: () => readonly string[]
  private readonly followed = new Map<string, TailedDirectory>()
  /** Time of the last request for each folder, by the monotonic clock. */
  private readonly askedAt = new Map<string, number>()
  private forget: () => void = () => undefined
  private passAt = Infinity
  private lookAt = 0
  private closed = false

  constructor({ folders, since = -Infinity, lines = DEFAULT_LINES, clock = systemClock }: TailOptions) {
    this.askFolders = folders
    this.since = since
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

  /** Reads after `ms`, or sooner if a read is planned already. */
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
    const fresh = [...this.followed.values()]
      .flatMap(folder => folder.read(now))
      .filter(({ at }) => at >= this.since)
    if (fresh.length === 0) return
    fresh.sort((a, b) => a.at - b.at)
    this.lines = [...this.lines, ...fresh].sort((a, b) => a.at - b.at).slice(-this.most)
    for (const listener of this.listeners) listener(fresh)
  }

  private lookAnyway(): void {
    for (const [path, folder] of this.followed) if (!folder.rescan()) this.leave(path, folder)
    try {
      this.followFolders()
    } catch {
      // Today's folders cannot be made (a full disk). The present ones are still followed, because
      // logs continue in yesterday's folders, and the next poll tries again.
    }
  }

  private followFolders(): void {
    this.lookAt = this.clock.monotonic() + LOOK_ANYWAY_MS
    const now = this.clock.monotonic()
    const { most: lines, since } = this
    for (const path of this.askFolders()) {
      this.askedAt.set(path, now)
      if (this.followed.has(path)) continue
      this.followed.set(path, new TailedDirectory(path, () => this.plan(READ_EVERY_MS), { lines, since }))
    }
    for (const [path, folder] of this.followed) {
      if (now - (this.askedAt.get(path) ?? now) > LINGER_MS) this.leave(path, folder)
    }
  }

  private leave(path: string, folder: TailedDirectory): void {
    this.followed.delete(path)
    this.askedAt.delete(path)
    folder.close()
  }
}
