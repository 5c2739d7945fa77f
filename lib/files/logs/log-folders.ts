import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ProjectPaths } from '../../core/process/paths.ts'
import type { WorkerDocument } from '../../model/worker/documents.ts'

/** Names of the folders in `logs/<day>/` that contain log files. */
const KINDS = ['workers', 'console'] as const

/**
 * Returns the paths of the folders with logs that may still grow: today's folders, which may not
 * exist yet, and existing folders of other days. A worker's log stays in the folder of the day on
 * which its job began. The result therefore includes yesterday's folders, and those of the days on
 * which the jobs of `workers` began.
 */
export function logFolders(
  paths: Pick<ProjectPaths, 'root' | 'logFolder'>,
  now: number,
  workers: readonly Pick<WorkerDocument, 'job' | 'state' | 'log'>[],
): string[] {
  const foldersOf = (day: Date) => KINDS.map(kind => paths.logFolder(kind, day))
  const begun = workers
    .filter(({ job, state }) => job !== null && state !== 'exited')
    .map(({ log }) => join(paths.root, dirname(log)))
  const earlier = new Set([...foldersOf(startOfDay(now, -1)), ...begun])
  const today = foldersOf(new Date(now))
  return [...today, ...[...earlier].filter(folder => !today.includes(folder) && existsSync(folder))]
}

/**
 * Returns the midnight, in local time, at which the day of `now` began. With `days`, returns that
 * of the day so many days later, or earlier if the number is negative.
 */
export function startOfDay(now: number, days = 0): Date {
  const at = new Date(now)
  return new Date(at.getFullYear(), at.getMonth(), at.getDate() + days)
}
