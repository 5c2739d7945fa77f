import { join } from 'node:path'
import { AutomateError } from '../../core/errors/errors.ts'
import type { ProjectPaths } from '../../core/process/paths.ts'
import { WorkerDocument } from '../../model/worker/documents.ts'
import { readJsonIfExistsSync } from '../../files/documents/atomic-json.ts'
import { markKilled, unmarkKilled } from '../../files/kill-marker.ts'
import { killSameTree } from '../../platform/process/kill-tree.ts'
import type { RunningPart } from '../port/snapshot.ts'

/**
 * Kills a worker and its browser immediately, even if its scheduler does not respond. The scheduler
 * notices the end and reports that a person caused it.
 * @throws `job-state` if the worker or the given part of its job has ended already. The job that it
 * has now is not the one that was meant.
 */
export async function killWorker(paths: ProjectPaths, part: RunningPart): Promise<void> {
  const { workerId, jobId, attempt } = part
  const worker = readJsonIfExistsSync(join(paths.workerStates, `${workerId}.json`), WorkerDocument)
  if (worker !== undefined && (worker.job?.jobId !== jobId || worker.job.attempt !== attempt)) {
    throw new AutomateError(
      'job-state',
      `Worker ${workerId} has already ended attempt ${attempt} of job ${jobId}, so it was not killed.`,
    )
  }
  const marked = markKilled(paths, part, Date.now())
  let killed = false
  for (const one of worker?.processes ?? []) if (await killSameTree(one)) killed = true
  if (killed) return
  if (marked) unmarkKilled(paths, part)
  throw new AutomateError('job-state', `Worker ${workerId} has already ended.`)
}
