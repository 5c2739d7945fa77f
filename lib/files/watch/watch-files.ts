import { basename, resolve } from 'node:path'
import type { Clock } from '../../core/time/clock.ts'
import { PathWatcher } from './path-watcher.ts'

/** An editor writes a file in several steps: they are one change. */
const SETTLE_MS = 300

export interface FilesOptions {
  /** Absolute. */
  readonly folder: string
  /** Files right in it, which need not be there yet. */
  readonly names: readonly string[]
  /**
   * Asked once they are watched, and where changes may have been missed: returns true if one has changed since it was read,
   * which counts as a change.
   */
  readonly hasChanged: () => boolean
  /** One of them was made, changed or removed; called once they are at rest. */
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
      // chokidar asks in its own spelling, with "/" on Windows too: the folder itself is not to be taken for one of the others.
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
