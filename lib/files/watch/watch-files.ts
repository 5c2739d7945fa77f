import { basename, resolve } from 'node:path'
import type { Clock } from '../../core/time/clock.ts'
import { PathWatcher } from './path-watcher.ts'

/**
 * Pause after the last change before `onChange` is called. An editor writes a file in several
 * steps, which count as one change.
 */
const SETTLE_MS = 300

export interface FilesOptions {
  /** Absolute path. */
  readonly folder: string
  /** Names of files directly in the folder. The files need not exist yet. */
  readonly names: readonly string[]
  /**
   * Called once the files are being watched, and when changes may have been missed. Returns true if
   * a file has changed since it was read; `onChange` is then called.
   */
  readonly hasChanged: () => boolean
  /** Called after a file was created, changed or removed, once the change is complete. */
  readonly onChange: () => void
  /** Called once if changes will be noticed late, with the remedy. */
  readonly onWarning: (message: string) => void
  readonly clock: Clock
}

/** Watches a few files of a folder in which other files change all the time. */
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
      // chokidar passes paths in its own spelling, on Windows with "/", so the path is resolved
      // before it is compared with the folder.
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
