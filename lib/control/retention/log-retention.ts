import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import { dayName } from '../../core/paths.ts'
import type { ProjectPaths } from '../../core/paths.ts'

/** Logs grow slowly, and to measure them all files are looked at. */
const ROUND_MS = 10 * 60_000

export interface LogRetentionDependencies {
  readonly paths: ProjectPaths
  readonly log: Log
  /** How long logs, pictures, traces, dumps and reports are kept. */
  readonly keepMs: number
  /** What the logs of all days together may take. */
  readonly limitBytes: number
}

interface Day {
  readonly name: string
  /** When it was over, by the local clock. */
  readonly endedAt: number
}

/** Removes the logs of days that are long over, and of the oldest days where all together take too much: never of today. Reports go by their age. */
export class LogRetention {
  private readonly deps: LogRetentionDependencies
  private nextAt = -Infinity
  private warned = false

  constructor(deps: LogRetentionDependencies) {
    this.deps = deps
  }

  /** One round, which does nothing when the last was just before; answers how many days and reports went. What does not go now goes later. */
  async round(now: number): Promise<number> {
    if (now < this.nextAt) return 0
    this.nextAt = now + ROUND_MS
    const { paths, keepMs } = this.deps
    const logs = join(paths.root, 'logs')
    const today = dayName(new Date(now))
    const days = (await namesIn(logs)).flatMap(dayOf).filter(({ name }) => name !== today)
    const old = days.filter(({ endedAt }) => now - endedAt > keepMs)
    let removed = 0
    for (const { name } of old) if (await this.remove(join(logs, name))) removed++
    const left = days.filter(day => !old.includes(day)).sort((a, b) => a.endedAt - b.endedAt)
    removed += await this.bound(logs, left, today)
    for (const name of await namesIn(paths.reports)) {
      const path = join(paths.reports, name)
      if (now - (await writtenAt(path, now)) > keepMs && (await this.remove(path))) removed++
    }
    return removed
  }

  private async bound(logs: string, oldestFirst: readonly Day[], today: string): Promise<number> {
    const { limitBytes, log } = this.deps
    const sizes = new Map<string, number>()
    for (const { name } of oldestFirst) sizes.set(name, await bytesOf(join(logs, name)))
    const ofToday = await bytesOf(join(logs, today))
    let total = ofToday + [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0)
    let removed = 0
    for (const { name } of oldestFirst) {
      if (total <= limitBytes) break
      if (!(await this.remove(join(logs, name)))) continue
      total -= sizes.get(name) ?? 0
      removed++
    }
    if (ofToday > limitBytes && !this.warned) {
      log.warn(
        `The logs of today alone take more than all logs may (logsMegabytes), and stay. Raise it, or let fewer traces be kept (trace).`,
      )
    }
    this.warned = ofToday > limitBytes
    return removed
  }

  private async remove(path: string): Promise<boolean> {
    try {
      await rm(path, { recursive: true, force: true })
      return true
    } catch (error) {
      this.deps.log.debug(`${path} does not go yet: ${messageOf(error)}`)
      return false
    }
  }
}

/** A folder that is not named after a day may be a person's. */
function dayOf(name: string): Day[] {
  const [, day, month, year] = /^(\d\d)-(\d\d)-(\d{4})$/.exec(name) ?? []
  if (day === undefined || month === undefined || year === undefined) return []
  return [{ name, endedAt: new Date(Number(year), Number(month) - 1, Number(day) + 1).getTime() }]
}

async function bytesOf(folder: string): Promise<number> {
  let bytes = 0
  for (const name of await namesIn(folder, true)) {
    const found = await stat(join(folder, name)).catch(() => undefined)
    if (found?.isFile() === true) bytes += found.size
  }
  return bytes
}

async function writtenAt(path: string, otherwise: number): Promise<number> {
  return (await stat(path).catch(() => undefined))?.mtimeMs ?? otherwise
}

/** Nothing where there is no such folder: nobody has written there yet. */
async function namesIn(folder: string, recursive = false): Promise<string[]> {
  return readdir(folder, { recursive }).catch(() => [])
}
