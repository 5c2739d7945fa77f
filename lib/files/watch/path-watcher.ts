import type { Stats } from 'node:fs'
import { watch } from 'chokidar'
import type { ChokidarOptions, FSWatcher } from 'chokidar'
import { watchLimitOf } from './watch-limit.ts'

/**
 * Interval of the polls. A poll of a few hundred files at this rate costs next to nothing, and no
 * edit waits longer.
 */
const POLL_MS = 3_000

export interface PathWatcherOptions {
  /** Absolute. */
  readonly paths: readonly string[]
  readonly chokidar: ChokidarOptions
  readonly onEvent: (event: string, stats: Stats | undefined) => void
  /** Called when changes of unknown kind may have been missed. */
  readonly onGap: () => void
  /** Reports once that the system has no capacity for watches. */
  readonly onWarning: (message: string) => void
}

/**
 * Watches paths by the notifications of the system. If a limit of the system allows no watch, polls
 * all paths instead, because changes in an unwatched part would go unnoticed.
 */
export class PathWatcher {
  /** Resolves once changes are being watched, or with the end of the watch. */
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

  /** Watches the present targets of the paths. */
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
      // Changes between the failure and the first poll cause no event.
      if (polling) onGap()
    })
    opened.on('error', error => {
      if (opened === this.watcher) this.poll(error)
    })
    return opened
  }

  /**
   * Switches to polls if a limit of the system refuses watches. Any other error costs notifications
   * only, because a restart of the program reads the files as well.
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
