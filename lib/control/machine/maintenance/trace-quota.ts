import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { findForeignLink } from '../../../core/disk/foreign-link.ts'
import { removeOwnFile } from '../../../core/disk/remove-own.ts'
import type { Log } from '../../../core/log.ts'
import { messageOf } from '../../../core/errors/errors.ts'
import type { ProjectPaths } from '../../../core/process/paths.ts'
import type { Store } from '../../../store/store.ts'

/** Traces grow slowly, and a project of years has many to look at. */
const EVERY_MS = 60_000

/** So many of the last failures are asked for their trace: not all have one. */
const FAILURES_ASKED = 50

interface Trace {
  readonly path: string
  readonly bytes: number
  readonly writtenAt: number
}

export interface TraceQuotaDependencies {
  readonly paths: ProjectPaths
  readonly store: Pick<Store, 'call'>
  /** What all traces together may take. */
  readonly tracesLimitBytes: number
  readonly log: Log
}

/** Bounds what the traces of a project take together: the oldest go first, and the trace of the newest failure never. */
export class TraceQuota {
  private readonly deps: TraceQuotaDependencies
  private nextAt = 0

  constructor(deps: TraceQuotaDependencies) {
    this.deps = deps
  }

  /** One round, which does nothing when the last was just before; answers how many traces went. Rejects when the store does not answer. */
  async round(now: number): Promise<number> {
    // A next round that is further away was set by a clock that has been set back since.
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
      // A viewer has it open; it goes another time.
      this.deps.log.debug(`${path} does not go yet: ${messageOf(error)}`)
      return false
    }
  }
}

function namesIn(folder: string): string[] {
  // What is behind a link of another user is not the program's.
  if (findForeignLink(folder) !== undefined) return []
  try {
    return readdirSync(folder)
  } catch {
    // Nothing has been written there yet.
    return []
  }
}
