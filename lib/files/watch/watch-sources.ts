import { lstatSync, realpathSync, statSync } from 'node:fs'
import type { Stats } from 'node:fs'
import type { Clock } from '../../core/time/clock.ts'
import { PathWatcher } from './path-watcher.ts'

/**
 * Time without a change after which files are at rest. An editor writes a file in several steps,
 * and a deployment writes several files, which are one change.
 */
const SETTLE_MS = 300

export interface SourcesOptions {
  /** Absolute. A folder that does not exist yet is watched for. */
  readonly folders: readonly string[]
  /**
   * Time of the last read, in ms since 1970. Later changes count, even if the folders were not
   * watched yet.
   */
  readonly since: number
  /**
   * Called after a file in the folders was added, changed or removed, once the folders are at rest.
   */
  readonly onChange: () => void
  /** Reports once that changes are noticed later, and the remedy. */
  readonly onWarning: (message: string) => void
  readonly clock: Clock
}

export interface SourcesWatch {
  /** Resolves once changes are being watched. */
  readonly ready: Promise<void>
  /**
   * Reports a folder that another one has replaced, and watches the new one. Must be called
   * regularly.
   */
  check: () => void
  close: () => Promise<void>
}

/**
 * Watches folders of an author's sources, with all their imports from below, except installed
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
      // chokidar reports existing files as added, some of them after `ready`.
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
 * Identifies the folder that a path leads to now; empty if it leads to none. The watcher follows
 * the folder that it found at its start. It reports neither that another folder was moved to the
 * path, nor that a symbolic link on the path leads elsewhere.
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
 * True for a symbolic link that was made after `since`, because it may have led elsewhere before.
 */
function isLinkSince(folder: string, since: number): boolean {
  const stats = lstatSync(folder, { throwIfNoEntry: false })
  return stats?.isSymbolicLink() === true && isNewer(stats, since)
}

/**
 * True if an entry of a folder was added or removed after `since`. The time of the change counts as
 * well as that of the content, because a copy may preserve the latter.
 */
function isNewer({ mtimeMs, ctimeMs }: Stats, since: number): boolean {
  return Math.max(mtimeMs, ctimeMs) >= since
}
