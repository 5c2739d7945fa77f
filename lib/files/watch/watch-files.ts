import { basename, resolve } from 'node:path'
import type { Clock } from '../../core/time/clock.ts'
import { PathWatcher } from './path-watcher.ts'

/**
 * Time without a change after which files are at rest. An editor writes a file in several steps,
 * which are one change.
 */
const SETTLE_MS = 300

export interface FilesOptions {
  /** Absolute. */
  readonly folder: string
  /** Names of files directly in the folder. They need not exist yet. */
  readonly names: readonly string[]
  /**
   * Called once the files are watched, and after changes may have been missed. Returns true if a
   * file has changed since it was read, which counts as a change.
   */
  readonly hasChanged: () => boolean
  /** Called after a file was made, changed or removed, once the files are at rest. */
  readonly onChange: () => void
  /** Reports once that changes are noticed later, and the remedy. */
  readonly onWarning: (message: string) => void
  readonly clock: Clock
}

/** Watches a few files of a folder in which others change all the time. */
export function watchFiles({ folder, names, hasChanged, onChange, onWarning, clock }: FilesOptions): {
  close(): Promise<void>
} {
  let forget: () => void = () => undefined
  const watched = resolve(folder)
  let closed = false
  const changed = () => {
    forget()
    forget = clock.after(SETTLE_MS, onChange)
  }
  const compare = () => {
    if (!closed && hasChanged()) changed()
  }
  const watcher = new PathWatcher({
    paths: [folder],
    chokidar: {
      depth: 0,
      ignoreInitial: true,
      // chokidar passes paths in its own spelling, with "/" on Windows too, so the folder itself is
      // compared after `resolve`.
      ignored: path => resolve(path) !== watched && !names.includes(basename(path)),
    },
    ...{ onEvent: changed, onGap: compare, onWarning },
  })
  void watcher.ready.then(compare)
  return {
    close: async () => {
      closed = true
      await watcher.close()
      forget()
    },
  }
}
