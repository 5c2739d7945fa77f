import { dirname, join } from 'node:path'
import { messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { ProjectPaths } from '../core/paths.ts'
import type { WorkerDocument } from '../domain/documents.ts'
import { chromeStem, memberStem } from '../files/member-stem.ts'
import { redactFile } from '../files/redact-file.ts'
import type { LiveWorker } from './live-worker.ts'

/**
 * Redacts files that the process of a worker and its browsers wrote past the worker's own redaction: native code, a child process of the author's code, Chrome. They
 * have ended. Never rejects.
 */
export async function redactPrinted(files: Iterable<string>, log: Log): Promise<void> {
  for (const file of new Set(files)) {
    try {
      await redactFile(file)
    } catch (error) {
      log.warn(messageOf(error))
    }
  }
}

/** The files that a worker and its browsers printed into, and Node's report of a death for lack of memory. */
export function printedBy(paths: ProjectPaths, worker: LiveWorker, now: Date): string[] {
  const { process, member, workerId, jobs } = worker
  if (process.outputFile === '') return []
  const days = [dirname(dirname(process.outputFile)), dirname(paths.logs('chrome', now))]
  // At most one more browser than jobs: each job can end one.
  const chromes = Array.from({ length: jobs + 1 }, (_, index) => chromeStem(workerId, index + 1))
  const stems = member === null ? chromes : [...chromes, memberStem(member.assignment)]
  return [process.outputFile, ...days.flatMap(day => stems.flatMap(stem => filesOf(day, stem)))]
}

/** The files that a worker of an earlier scheduler printed into, by its last document. */
export function printedByEarlier(paths: ProjectPaths, { workerId, log, job }: WorkerDocument): string[] {
  const day = join(paths.root, dirname(dirname(log)))
  const stems = [chromeStem(workerId, 1), ...(job === null ? [] : [memberStem(job)])]
  return [join(day, 'workers', `${workerId}.out`), ...stems.flatMap(stem => filesOf(day, stem))]
}

const filesOf = (day: string, stem: string): string[] => [
  join(day, 'chrome', `${stem}.log`),
  join(day, 'crashdumps', `${stem}.report.json`),
]
