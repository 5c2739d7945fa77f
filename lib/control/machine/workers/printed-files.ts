import { basename, dirname, join } from 'node:path'
import { dayName } from '../../../core/process/paths.ts'
import type { ProjectPaths } from '../../../core/process/paths.ts'
import type { Assignment, WorkerDocument } from '../../../model/worker/documents.ts'
import { chromeStem, memberStem } from '../../../files/artefact-stem.ts'
import type { WorkerHandle } from './worker-handle.ts'

/**
 * Returns the files into which a worker and its browsers printed past the worker's own redaction (native code, a child process of the
 * author's code, Chrome), and Node's reports of deaths for lack of memory.
 */
export function printedBy(paths: ProjectPaths, worker: WorkerHandle, now: Date): string[] {
  const { process, workerId, stems } = worker
  if (process.outputFile === '') return []
  const day = dirname(dirname(process.outputFile))
  return [process.outputFile, ...filesOf(paths, day, workerId, stems, now)]
}

/** Returns the same for a worker of an earlier scheduler, by its last document and its last assignment. */
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

/** A worker that began at the first day can have written until now, under its own name and its jobs'. */
function filesOf(
  paths: ProjectPaths,
  firstDay: string,
  workerId: string,
  stems: readonly string[],
  now: Date,
): string[] {
  // At most one more browser than jobs: each job can end one.
  const chromes = Array.from({ length: stems.length + 1 }, (_, index) => chromeStem(workerId, index + 1))
  return daysUntil(paths, firstDay, now).flatMap(day =>
    [...chromes, ...stems].flatMap(stem => [
      join(day, 'chrome', `${stem}.log`),
      join(day, 'crashdumps', `${stem}.report.json`),
    ]),
  )
}

/** No worker lives longer; a clock that was wrong could name more days. */
const MOST_DAYS = 100

/** Returns the log folders of all days from a first one until now. */
function daysUntil(paths: ProjectPaths, firstDay: string, now: Date): string[] {
  const days = new Set([firstDay])
  for (let back = 0; back < MOST_DAYS; back++) {
    const name = dayName(new Date(now.getFullYear(), now.getMonth(), now.getDate() - back))
    days.add(join(paths.root, 'logs', name))
    if (name === basename(firstDay)) return [...days]
  }
  // The first day is no day, or lies after now.
  return [firstDay, join(paths.root, 'logs', dayName(now))]
}
