import type { Stats } from 'node:fs'
import { watch } from 'chokidar'
import type { ChokidarOptions, FSWatcher } from 'chokidar'
import { watchLimitOf } from './watch-limit.ts'

/**
 * Interval of the polls, and therefore the longest time until an edit is noticed. Polling a few
 * hundred files at this interval costs next to nothing.
 */
const POLL_MS = 3_000

export interface PathWatcherOptions {
  /** Absolute paths. */
  readonly paths: readonly string[]
  readonly chokidar: ChokidarOptions
  readonly onEvent: (event: string, stats: Stats | undefined) => void
  /** Called when changes may have been missed. */
  readonly onGap: () => void
  /** Called once if the operating system's limit for watches is used up. */
  readonly onWarning: (message: string) => void
}

/**
 * Watches paths through the operating system's notifications. If a limit of the system prevents
 * that, polls all of the paths instead, because changes to an unwatched path would go unnoticed.
 */
export class PathWatcher {
  /** Resolves once changes are being watched, or when the watcher is closed. */
  readonly ready: Promise<void>
  private readonly options: PathWatcherOptions
  private readonly settle: () => void
  private watcher: FSWatcher
  private left: Promise<unknown> = Promise.resolve()
  private polling = false

  constructor(options: PathWatcherOptions) {
    this.options = options
    const { promise, resolve } = Promise.withResolvers<undefined>()
    this.ready = promise
    this.settle = () => resolve(undefined)
    this.watcher = this.open()
  }

  /** Starts to watch the folders and files that the paths lead to now. */
  reopen(): void {
    this.left = Promise.all([this.left, this.watcher.close()])
    this.watcher = this.open()
  }

  async close(): Promise<void> {
    this.settle()
    await Promise.all([this.left, this.watcher.close()])
  }

  private open(): FSWatcher {
    const { paths, chokidar, onEvent, onGap } = this.options
    const polling = this.polling
    const opened = watch([...paths], {
      ...chokidar,
      ...(polling ? { backend: 'polling', pollingInterval: POLL_MS, pollingBinaryInterval: POLL_MS } : {}),
    })
    opened.on('all', (event, _path, stats) => onEvent(event, stats))
    opened.once('ready', () => {
      this.settle()
      // Changes between the failure and the first poll did not cause an event.
      if (polling) onGap()
    })
    opened.on('error', error => {
      if (opened === this.watcher) this.poll(error)
    })
    return opened
  }

  /**
   * Switches to polling if a limit of the operating system prevents watching. After any other
   * error, changes may only be noticed later, because a restart of the program reads the files
   * again.
   */
  private poll(error: unknown): void {
    const limit = watchLimitOf(error)
    if (limit === undefined || this.polling) return
    this.polling = true
    const { paths, onWarning } = this.options
    const value = limit.value === undefined ? '' : ` = ${limit.value}`
    onWarning(
      `Changes in ${paths.join(', ')} are noticed only every ${POLL_MS / 1_000} s, because the limit ${limit.name}${value} ` +
        `is used up. Raise the limit with "${limit.remedy}", and restart the scheduler.`,
    )
    this.reopen()
  }
}
