import { join } from 'node:path'
import type { Log } from '../../../core/log.ts'
import type { ProjectPaths } from '../../../core/process/paths.ts'
import { OutcomeDocument, WorkerDocument } from '../../../model/worker/documents.ts'
import { readJsonIfExistsSync } from '../../../files/documents/atomic-json.ts'
import { secretsBeside } from '../../../files/secrets-file.ts'
import type { WorkerResult } from '../results/collect-result.ts'
import type { AttemptMember } from './attempt.ts'
import type { WorkerHandle } from './worker-handle.ts'
import { removeFiles } from '../../../files/remove-files.ts'
import { removeProfiles } from '../maintenance/cleanup.ts'
import { assignmentFile, launchFile } from './worker-process.ts'

/**
 * Returns a worker's document, or undefined if it does not exist or cannot be read. An error is not
 * logged here, because it is logged when the result of the worker is collected.
 */
export function documentOf(paths: ProjectPaths, workerId: string): WorkerDocument | undefined {
  try {
    return readJsonIfExistsSync(stateFile(paths, workerId), WorkerDocument)
  } catch {
    return undefined
  }
}

/**
 * True if the worker has written the outcome of this member. The outcome of an earlier job does not
 * count. A file that cannot be read does count, because it may be the outcome.
 */
export function hasOutcome(paths: ProjectPaths, member: AttemptMember): boolean {
  try {
    const outcome = readJsonIfExistsSync(outcomeFile(paths, member.workerId), OutcomeDocument)
    return outcome !== undefined && member.is(outcome)
  } catch {
    return true
  }
}

/**
 * Removes the files of a worker that has exited, and the profiles of its browsers. If the worker
 * had a job, its state document remains for a while.
 */
export function tidyAfter(
  worker: WorkerHandle,
  result: WorkerResult | null,
  paths: ProjectPaths,
  log: Log,
): void {
  const { workerId } = worker
  const launched = launchFile(paths, workerId)
  const obsolete = [assignmentFile(paths, workerId), launched, secretsBeside(launched)]
  // If there is an outcome file, it belongs to an earlier job, and was read when that job ended.
  if (result === null) obsolete.push(stateFile(paths, workerId), outcomeFile(paths, workerId))
  removeFiles(obsolete, log)
  void removeProfiles(paths, worker.launch.profile, log)
}

const stateFile = (paths: ProjectPaths, workerId: string) => join(paths.workerStates, `${workerId}.json`)
const outcomeFile = (paths: ProjectPaths, workerId: string) => join(paths.results, `${workerId}.json`)
