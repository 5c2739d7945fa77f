import { lstatSync, realpathSync, statSync } from 'node:fs'
import type { Stats } from 'node:fs'
import type { Clock } from '../../core/time/clock.ts'
import { PathWatcher } from './path-watcher.ts'

/** An editor writes a file in several steps, and a deployment writes many: they are one change. */
const SETTLE_MS = 300

export interface SourcesOptions {
  /** Absolute; one that does not exist yet is watched for. */
  readonly folders: readonly string[]
  /** What has changed since then counts, although it was not watched yet: when they were read. In ms since 1970. */
  readonly since: number
  /** Something in them was added, changed or removed; called once they are at rest. */
  readonly onChange: () => void
  /** Reports once that changes are noticed later, and the remedy. */
  readonly onWarning: (message: string) => void
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
      // What was there is told of as added, some of it after `ready`.
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
