import type { Clock } from '../../core/time/clock.ts'
import { systemClock } from '../../core/time/clock.ts'
import type { LogLine } from '../../model/log-line.ts'
import { TailedDirectory } from './tailed-directory.ts'

/**
 * Interval at which growing files are read. It is short enough that a person does not notice it.
 */
const READ_EVERY_MS = 100

/**
 * Interval at which `folders` is called again, because there are new folders after midnight, and at
 * which the folders are polled for changes that their watchers missed.
 */
const LOOK_ANYWAY_MS = 1_000

/**
 * Time for which a folder is still followed after `folders` stops returning it, because a worker
 * writes its last lines while its document is being removed. If the folder were dropped and
 * followed again, its lines would be shown twice.
 */
const LINGER_MS = 60_000

/** Default for the maximum number of retained lines, enough for a few screens. */
const DEFAULT_LINES = 500

export interface TailOptions {
  /**
   * Returns the absolute paths of the folders whose `*.log` files are followed (see `logFolders`).
   * Missing folders are created. If that fails at the start, the error is thrown; later it is
   * retried.
   */
  readonly folders: () => readonly string[]
  /** Time in epoch ms before which no lines are shown. If absent, there is no limit. */
  readonly since?: number
  /** Maximum number of retained lines. */
  readonly lines?: number
  readonly clock?: Clock
}

export interface LogTail {
  /** Resolves once the last lines of the existing files have been read. */
  readonly ready: Promise<void>
  /** Latest lines of all files by time, oldest first. A new array after each change. */
  readonly lines: readonly LogLine[]
  /**
   * Calls `listener` with new lines, ordered by time. Returns a function that ends the
   * subscription.
   */
  subscribe(listener: (fresh: readonly LogLine[]) => void): () => void
  close(): Promise<void>
}

/**
 * Follows all logs in some folders, and reads only what is appended. If too much is appended at
 * once, lines are left out of the result, but never of the files. A line is shown once its newline
 * has been written. A file that has shrunk or was replaced is read again from its beginning.
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
  /** Time, on the monotonic clock, at which `folders` last returned each folder. */
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

  /** Plans a read in `ms`, unless an earlier one is planned already. */
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
      // Today's folders cannot be created, for example because the disk is full. Existing folders
      // are still followed, because logs continue in yesterday's folders. The next poll tries
      // again.
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
