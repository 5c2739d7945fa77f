import { lstatSync, realpathSync, statSync } from 'node:fs'
import type { Stats } from 'node:fs'
import type { Clock } from '../../core/time/clock.ts'
import { PathWatcher } from './path-watcher.ts'

/**
 * Pause after the last change before `onChange` is called. An editor writes a file in several
 * steps, and a deployment writes several files. Both count as one change.
 */
const SETTLE_MS = 300

export interface SourcesOptions {
  /** Absolute paths. A folder that does not exist yet is noticed when it is created. */
  readonly folders: readonly string[]
  /**
   * Time of the last read, in epoch ms. Later changes are reported, even if they happened before
   * the folders were watched.
   */
  readonly since: number
  /**
   * Called after a file in the folders was added, changed or removed, once the change is complete.
   */
  readonly onChange: () => void
  /** Called once if changes will be noticed late, with the remedy. */
  readonly onWarning: (message: string) => void
  readonly clock: Clock
}

export interface SourcesWatch {
  /** Resolves once changes are being watched. */
  readonly ready: Promise<void>
  /**
   * Notices that another folder has replaced a watched one, reports that as a change, and watches
   * the new one. Must be called regularly.
   */
  check: () => void
  close: () => Promise<void>
}

/**
 * Watches the folders with an author's sources, including everything below them except installed
 * packages and hidden files.
 */
export function watchSources({ folders, since, onChange, onWarning, clock }: SourcesOptions): SourcesWatch {
  let forget: () => void = () => undefined
  let closed = false
  let from = since
  const changed = () => {
    forget()
    if (!closed) forget = clock.after(SETTLE_MS, onChange)
  }
  let places = folders.map(placeOf)
  const watcher = new PathWatcher({
    paths: folders,
    chokidar: {
      alwaysStat: true,
      ignored: path => /[\\/](?:node_modules|\.[^\\/]*)$/.test(path),
    },
    onEvent: (event, stats) => {
      // chokidar reports existing files as added, some of them even after `ready`. Only newer files
      // count.
      const added = event === 'add' || event === 'addDir'
      if (!added || stats === undefined || isNewer(stats, from)) changed()
    },
    ...{ onGap: changed, onWarning },
  })
  if (folders.some(folder => isLinkSince(folder, since))) changed()
  return {
    ready: watcher.ready,
    check: () => {
      const checkedAt = clock.now()
      const now = folders.map(placeOf)
      if (closed || now.every((place, index) => place === places[index])) return
      places = now
      from = checkedAt
      watcher.reopen()
      changed()
    },
    close: async () => {
      closed = true
      forget()
      await watcher.close()
    },
  }
}

/**
 * Returns a text that identifies the folder that a path leads to now; empty if there is none. The
 * watcher follows the folder that it found when it started. It reports neither that another folder
 * was moved to the path, nor that a symbolic link in the path leads elsewhere.
 */
function placeOf(folder: string): string {
  try {
    const { dev, ino } = statSync(folder, { bigint: true })
    return `${dev}:${ino}:${realpathSync(folder)}`
  } catch {
    return ''
  }
}

/**
 * True for a symbolic link that was created after `since`. The path may have led to another folder
 * before.
 */
function isLinkSince(folder: string, since: number): boolean {
  const stats = lstatSync(folder, { throwIfNoEntry: false })
  return stats?.isSymbolicLink() === true && isNewer(stats, since)
}

/**
 * True if a file or folder changed at `since` or later. The time of the last status change counts
 * as well as that of the contents, because a copy may preserve the latter.
 */
function isNewer({ mtimeMs, ctimeMs }: Stats, since: number): boolean {
  return Math.max(mtimeMs, ctimeMs) >= since
}
