import { basename, dirname, join } from 'node:path'
import { dayName } from '../../../core/process/paths.ts'
import type { ProjectPaths } from '../../../core/process/paths.ts'
import type { Assignment, WorkerDocument } from '../../../model/worker/documents.ts'
import { chromeStem, memberStem } from '../../../files/artefact-stem.ts'
import type { WorkerHandle } from './worker-handle.ts'

/**
 * Returns the files that contain output of a worker and its browsers that the worker did not redact
 * itself. The output comes from native code, child processes of the author's code, and Chrome.
 * Node's reports of exhausted memory are included.
 */
export function printedBy(paths: ProjectPaths, worker: WorkerHandle, now: Date): string[] {
  const { process, workerId, stems } = worker
  if (process.outputFile === '') return []
  const day = dirname(dirname(process.outputFile))
  return [process.outputFile, ...filesOf(paths, day, workerId, stems, now)]
}

/**
 * Returns the same files for a worker of an earlier scheduler. The worker is described by its last
 * document and its last assignment.
 */
export function printedByEarlier(
  paths: ProjectPaths,
  { workerId, log, job }: WorkerDocument,
  assignment: Assignment | undefined,
  now: Date,
): string[] {
  const day = join(paths.root, dirname(dirname(log)))
  const stems = [
    ...(assignment === undefined ? [] : [...(assignment.stemsBefore ?? []), memberStem(assignment)]),
    ...(job === null ? [] : [memberStem(job)]),
  ]
  return [join(day, 'workers', `${workerId}.out`), ...filesOf(paths, day, workerId, [...new Set(stems)], now)]
}

/**
 * Returns the files that a worker can have written since its first day, under its own stem and the
 * stems of its jobs.
 */
function filesOf(
  paths: ProjectPaths,
  firstDay: string,
  workerId: string,
  stems: readonly string[],
  now: Date,
): string[] {
  // A worker starts at most one browser more than it has jobs, because each job can end one.
  const chromes = Array.from({ length: stems.length + 1 }, (_, index) => chromeStem(workerId, index + 1))
  return daysUntil(paths, firstDay, now).flatMap(day =>
    [...chromes, ...stems].flatMap(stem => [
      join(day, 'chrome', `${stem}.log`),
      join(day, 'crashdumps', `${stem}.report.json`),
    ]),
  )
}

/**
 * Longest life of a worker, in days. If the clock is wrong, the first day could be further away.
 */
const MOST_DAYS = 100

/** Returns the log folders of all days from `firstDay` until `now`. */
function daysUntil(paths: ProjectPaths, firstDay: string, now: Date): string[] {
  const days = new Set([firstDay])
  for (let back = 0; back < MOST_DAYS; back++) {
    const name = dayName(new Date(now.getFullYear(), now.getMonth(), now.getDate() - back))
    days.add(join(paths.root, 'logs', name))
    if (name === basename(firstDay)) return [...days]
  }
  // `firstDay` is not the name of a day, or is after `now`.
  return [firstDay, join(paths.root, 'logs', dayName(now))]
}
