import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { findForeignLink } from '../../../core/disk/foreign-link.ts'
import { removeOwnFile } from '../../../core/disk/remove-own.ts'
import type { Log } from '../../../core/log.ts'
import { messageOf } from '../../../core/errors/errors.ts'
import type { ProjectPaths } from '../../../core/process/paths.ts'
import type { Store } from '../../../store/store.ts'

/** Interval of the rounds. It is long, because traces grow slowly and an old project has many. */
const EVERY_MS = 60_000

/**
 * Number of the latest failures that are searched for a trace. The latest failure alone is not
 * enough, because some failures have no trace.
 */
const FAILURES_ASKED = 50

interface Trace {
  readonly path: string
  readonly bytes: number
  readonly writtenAt: number
}

export interface TraceQuotaDependencies {
  readonly paths: ProjectPaths
  readonly store: Pick<Store, 'call'>
  /** Limit on the total size of all traces. */
  readonly tracesLimitBytes: number
  readonly log: Log
}

/**
 * Limits the total size of a project's traces. Removes the oldest traces first, but never the trace
 * of the latest failure that has one.
 */
export class TraceQuota {
  private readonly deps: TraceQuotaDependencies
  private nextAt = 0

  constructor(deps: TraceQuotaDependencies) {
    this.deps = deps
  }

  /**
   * Runs a round, unless the last round was less than `EVERY_MS` ago. Returns the number of removed
   * traces. Rejects if the store fails.
   */
  async round(now: number): Promise<number> {
    // If the next round is more than one interval away, the clock has been set back since.
    if (now < this.nextAt && this.nextAt - now <= EVERY_MS) return 0
    this.nextAt = now + EVERY_MS
    const traces = this.traces()
    let over = traces.reduce((sum, { bytes }) => sum + bytes, 0) - this.deps.tracesLimitBytes
    if (over <= 0) return 0
    const spared = await this.newestFailure()
    let gone = 0
    for (const { path, bytes } of traces.sort((a, b) => a.writtenAt - b.writtenAt)) {
      if (over <= 0) break
      if (path === spared || !this.remove(path)) continue
      over -= bytes
      gone += 1
    }
    return gone
  }

  private traces(): Trace[] {
    const logs = join(this.deps.paths.root, 'logs')
    return namesIn(logs).flatMap(day => {
      const folder = join(logs, day, 'traces')
      return namesIn(folder)
        .filter(name => name.endsWith('.zip'))
        .flatMap(name => {
          const path = join(folder, name)
          const found = statSync(path, { throwIfNoEntry: false })
          return found === undefined ? [] : [{ path, bytes: found.size, writtenAt: found.mtimeMs }]
        })
    })
  }

  private async newestFailure(): Promise<string | undefined> {
    const { store, paths } = this.deps
    for (const { artefacts } of await store.call('crashes.list', { limit: FAILURES_ASKED })) {
      const trace = artefacts.find(({ kind }) => kind === 'traces')
      if (trace !== undefined) return join(paths.root, trace.path)
    }
    return undefined
  }

  private remove(path: string): boolean {
    try {
      removeOwnFile(path)
      return true
    } catch (error) {
      // A viewer may have the file open. A later round removes it.
      this.deps.log.debug(`Could not remove ${path} yet: ${messageOf(error)}`)
      return false
    }
  }
}

function namesIn(folder: string): string[] {
  // Files that are reached through a link of another user do not belong to the program.
  if (findForeignLink(folder) !== undefined) return []
  try {
    return readdirSync(folder)
  } catch {
    // The folder does not exist until the first file is written.
    return []
  }
}
