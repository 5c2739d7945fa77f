import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import { findForeignLink } from '../../../core/disk/foreign-link.ts'
import { removeOwnTreeLater } from '../../../core/disk/remove-own.ts'
import { messageOf } from '../../../core/errors/errors.ts'
import type { Log } from '../../../core/log.ts'
import { dayName } from '../../../core/process/paths.ts'
import type { ProjectPaths } from '../../../core/process/paths.ts'
import { memberStem } from '../../../files/artefact-stem.ts'
import type { WorkerHandle } from '../workers/worker-handle.ts'

/**
 * Interval of the rounds. It is long, because logs grow slowly and each round reads the sizes of
 * all files.
 */
const ROUND_MS = 10 * 60_000

/** Logs that running workers write to. */
export interface LogsInUse {
  /** Names of the folders of the days on which the workers were started. */
  readonly days: readonly string[]
  /** Prefixes of the names of their files. */
  readonly stems: readonly string[]
}

/** Returns the logs that these workers write to. */
export function logsOf(workers: readonly Pick<WorkerHandle, 'workerId' | 'process' | 'member'>[]): LogsInUse {
  return {
    days: workers.map(({ process }) => basename(dirname(dirname(process.outputFile)))),
    stems: workers.flatMap(({ workerId, member }) => [
      ...[workerId, `worker_${workerId}`],
      ...(member === null ? [] : [memberStem(member.assignment)]),
    ]),
  }
}

export interface LogRetentionDependencies {
  readonly paths: ProjectPaths
  readonly log: Log
  /** Retention of logs, pictures, traces, dumps and reports. */
  readonly keepMs: number
  /** Limit on the total size of the logs of all days. */
  readonly limitBytes: number
  readonly inUse: () => LogsInUse
}

interface Day {
  readonly name: string
  /** Epoch ms at which the day ends by the local clock. */
  readonly endedAt: number
}

interface LogFile {
  readonly path: string
  readonly bytes: number
  readonly writtenAt: number
}

/**
 * Removes the logs of days that are older than the retention. A file of such a day is removed only
 * if it is itself as old. If all logs together exceed the size limit, removes the oldest days
 * first, then the oldest files of ended jobs, including those of today. Files that a running worker
 * writes to remain. Reports are removed by their age.
 */
export class LogRetention {
  private readonly deps: LogRetentionDependencies
  private nextAt = -Infinity
  private warned = false

  constructor(deps: LogRetentionDependencies) {
    this.deps = deps
  }

  /**
   * Runs a round, unless the last round was less than `ROUND_MS` ago. Returns the number of removed
   * days, files and reports. Files that cannot be removed now are removed later.
   */
  async round(now: number): Promise<number> {
    // If the next round is more than one interval away, the clock has been set back since.
    if (now < this.nextAt && this.nextAt - now <= ROUND_MS) return 0
    this.nextAt = now + ROUND_MS
    const { paths, keepMs } = this.deps
    const logs = join(paths.root, 'logs')
    const days = async () => (await namesIn(logs)).flatMap(dayOf)
    let removed = 0
    for (const day of await days()) {
      if (now - day.endedAt > keepMs) removed += await this.expire(day, now)
    }
    const left = (await days()).sort((a, b) => a.endedAt - b.endedAt)
    const isOver = ({ endedAt }: Day) => endedAt <= this.oldestEndInUse(now)
    const foldersOf = (some: readonly Day[]) => some.map(({ name }) => join(logs, name))
    removed += await this.bound(foldersOf(left.filter(isOver)), foldersOf(left.filter(day => !isOver(day))))
    for (const name of await namesIn(paths.reports)) {
      const path = join(paths.reports, name)
      if (now - (await writtenAt(path, now)) > keepMs && (await this.remove(path))) removed++
    }
    return removed
  }

  /**
   * Removes the expired files of a day that ended long ago, or the folder of the day if all its
   * files have expired. A job continues to write to the files of the day on which it began.
   * Therefore a file remains until it is itself old enough and no running worker writes to it.
   * Returns the number of removed files or folders.
   */
  private async expire({ name }: Day, now: number): Promise<number> {
    const { paths, keepMs, inUse } = this.deps
    const folder = join(paths.root, 'logs', name)
    const files = await filesIn(folder)
    const old = files.filter(({ path, writtenAt }) => now - writtenAt > keepMs && !this.isWrittenTo(path))
    if (old.length === files.length && !inUse().days.includes(name)) {
      return (await this.remove(folder)) ? 1 : 0
    }
    let removed = 0
    for (const { path } of old) if (await this.remove(path)) removed++
    return removed
  }

  /**
   * Returns a time just before the end of the first day in use. The days in use are today, and all
   * days since the oldest running worker was started.
   */
  private oldestEndInUse(now: number): number {
    const days = [dayName(new Date(now)), ...this.deps.inUse().days].flatMap(dayOf)
    return Math.min(...days.map(({ endedAt }) => endedAt)) - 1
  }

  private async bound(oldestFirst: readonly string[], used: readonly string[]): Promise<number> {
    const { limitBytes, log } = this.deps
    const sizes = new Map<string, number>()
    for (const folder of oldestFirst) sizes.set(folder, sizeOf(await filesIn(folder)))
    const usedFiles = (await Promise.all(used.map(filesIn))).flat()
    let total = sizeOf(usedFiles)
    total += [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0)
    let removed = 0
    const free = async (path: string, bytes: number) => {
      if (total <= limitBytes || !(await this.remove(path))) return
      total -= bytes
      removed++
    }
    for (const [folder, bytes] of sizes) await free(folder, bytes)
    const ended = usedFiles.filter(({ path }) => !this.isInUse(path))
    for (const { path, bytes } of ended.sort((a, b) => a.writtenAt - b.writtenAt)) await free(path, bytes)
    if (total > limitBytes && !this.warned) {
      log.warn(
        'The logs of running jobs alone exceed maxLogs, so they are not removed. Raise maxLogs, or keep fewer traces (trace).',
      )
    }
    this.warned = total > limitBytes
    return removed
  }

  /**
   * True if a file belongs to a running worker or a scheduler. The log of a scheduler always counts
   * as in use.
   */
  private isInUse(path: string): boolean {
    const { paths, inUse } = this.deps
    // The path of the project is cut off, because its folder may have the name of a worker.
    const own = path.slice(paths.root.length)
    return basename(dirname(path)) === 'console' || inUse().stems.some(stem => own.includes(`${sep}${stem}`))
  }

  /**
   * True if a running worker may still append to a file. Its pictures, traces and reports are
   * written only once.
   */
  private isWrittenTo(path: string): boolean {
    return ['workers', 'chrome'].includes(basename(dirname(path))) && this.isInUse(path)
  }

  private async remove(path: string): Promise<boolean> {
    try {
      await removeOwnTreeLater(path)
      return true
    } catch (error) {
      this.deps.log.debug(`Could not remove ${path} yet: ${messageOf(error)}`)
      return false
    }
  }
}

/**
 * Returns the day that a folder name stands for. Returns none for any other name, because the
 * folder may belong to a person.
 */
function dayOf(name: string): Day[] {
  const [, day, month, year] = /^(\d\d)-(\d\d)-(\d{4})$/.exec(name) ?? []
  if (day === undefined || month === undefined || year === undefined) return []
  return [{ name, endedAt: new Date(Number(year), Number(month) - 1, Number(day) + 1).getTime() }]
}

async function filesIn(folder: string): Promise<LogFile[]> {
  if (findForeignLink(folder) !== undefined) return []
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])
  const files: LogFile[] = []
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    const found = entry.isFile() ? await stat(path).catch(() => undefined) : undefined
    if (found !== undefined) files.push({ path, bytes: found.size, writtenAt: found.mtimeMs })
  }
  return files
}

const sizeOf = (files: readonly LogFile[]) => files.reduce((sum, { bytes }) => sum + bytes, 0)

async function writtenAt(path: string, otherwise: number): Promise<number> {
  return (await stat(path).catch(() => undefined))?.mtimeMs ?? otherwise
}

/**
 * Returns the names in a folder. Returns none if the folder does not exist yet, or is reached
 * through a link of another user.
 */
async function namesIn(folder: string): Promise<string[]> {
  return findForeignLink(folder) === undefined ? readdir(folder).catch(() => []) : []
}
