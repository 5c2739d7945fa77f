import type { Stats } from 'node:fs'
import { watch } from 'chokidar'
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
  close: () => Promise<void>
}

/** Watches folders of an author's sources, with all that they import from below, but for installed packages and hidden files. */
export function watchSources({ folders, since, onChange, clock }: SourcesOptions): SourcesWatch {
  let forget: () => void = () => undefined
  const watcher = watch([...folders], {
    alwaysStat: true,
    ignored: path => /[\\/](?:node_modules|\.[^\\/]*)$/.test(path),
  })
  watcher.on('all', (event, _path, stats) => {
    // What was there is told of as added, some of it after `ready`.
    const added = event === 'add' || event === 'addDir'
    if (added && stats !== undefined && !isNewer(stats, since)) return
    forget()
    forget = clock.after(SETTLE_MS, onChange)
  })
  // A folder that cannot be watched (a full table of watches) costs its news: a restart of the scheduler service reads it as well.
  watcher.on('error', () => undefined)
  return {
    ready: new Promise(resolve => watcher.once('ready', resolve)),
    close: async () => {
      forget()
      await watcher.close()
    },
  }
}

/** Of a folder: something in it has come or gone. The time of the change counts beside that of the content: a copy may keep the latter. */
function isNewer({ mtimeMs, ctimeMs }: Stats, since: number): boolean {
  return Math.max(mtimeMs, ctimeMs) >= since
}
