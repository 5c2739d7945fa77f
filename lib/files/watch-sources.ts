import { lstatSync, realpathSync, statSync } from 'node:fs'
import type { Stats } from 'node:fs'
import { watch } from 'chokidar'
import type { FSWatcher } from 'chokidar'
import type { Clock } from '../core/clock.ts'

/** An editor writes a file in several steps, and a deployment writes many: they are one change. */
const SETTLE_MS = 300

export interface SourcesOptions {
  /** Absolute; one that does not exist yet is watched for. */
  readonly folders: readonly string[]
  /** What has changed since then counts, although it was not watched yet: when they were read. In ms since 1970. */
  readonly since: number
  /** Something in them was added, changed or removed; called once they are at rest. */
  readonly onChange: () => void
  readonly clock: Clock
}

export interface SourcesWatch {
  /** Resolves once changes are being watched. */
  readonly ready: Promise<void>
  /** Reports a folder that another one has replaced, and watches the new one. To be called again and again. */
  check: () => void
  close: () => Promise<void>
}

/** Watches folders of an author's sources, with all that they import from below, but for installed packages and hidden files. */
export function watchSources({ folders, since, onChange, clock }: SourcesOptions): SourcesWatch {
  let forget: () => void = () => undefined
  let closed = false
  const changed = () => {
    forget()
    forget = clock.after(SETTLE_MS, onChange)
  }
  const open = (from: number): FSWatcher => {
    const opened = watch([...folders], {
      alwaysStat: true,
      ignored: path => /[\\/](?:node_modules|\.[^\\/]*)$/.test(path),
    })
    opened.on('all', (event, _path, stats) => {
      // What was there is told of as added, some of it after `ready`.
      const added = event === 'add' || event === 'addDir'
      if (added && stats !== undefined && !isNewer(stats, from)) return
      if (!closed) changed()
    })
    // A folder that cannot be watched (a full table of watches) costs its news: a restart of the scheduler service reads it as well.
    opened.on('error', () => undefined)
    return opened
  }
  let places = folders.map(placeOf)
  let watcher = open(since)
  let replaced: Promise<void> = Promise.resolve()
  if (folders.some(folder => isLinkSince(folder, since))) changed()
  return {
    ready: new Promise(resolve => watcher.once('ready', resolve)),
    check: () => {
      const checkedAt = clock.now()
      const now = folders.map(placeOf)
      if (closed || now.every((place, index) => place === places[index])) return
      places = now
      replaced = Promise.all([replaced, watcher.close()]).then(() => undefined)
      watcher = open(checkedAt)
      changed()
    },
    close: async () => {
      closed = true
      forget()
      await Promise.all([replaced, watcher.close()])
    },
  }
}

/**
 * Identifies the folder that a path leads to now; empty if it leads to none. The watcher follows the
 * folder that it found at its start: it reports neither that another folder was moved to the path,
 * nor that a symbolic link on the path leads elsewhere.
 */
function placeOf(folder: string): string {
  try {
    const { dev, ino } = statSync(folder, { bigint: true })
    return `${dev}:${ino}:${realpathSync(folder)}`
  } catch {
    return ''
  }
}

/** True for a symbolic link that was made since then: it may have led elsewhere before. */
function isLinkSince(folder: string, since: number): boolean {
  const stats = lstatSync(folder, { throwIfNoEntry: false })
  return stats?.isSymbolicLink() === true && isNewer(stats, since)
}

/** Of a folder: something in it has come or gone. The time of the change counts beside that of the content: a copy may keep the latter. */
function isNewer({ mtimeMs, ctimeMs }: Stats, since: number): boolean {
  return Math.max(mtimeMs, ctimeMs) >= since
}
