import { join } from 'node:path'
import { systemClock } from '../../lib/core/clock.ts'
import { pause } from '../../lib/core/deadline.ts'
import { AutomateError } from '../../lib/core/errors.ts'
import type { ProjectPaths } from '../../lib/core/paths.ts'
import { WorkerDocument } from '../../lib/domain/documents.ts'
import type { Waiting } from '../../lib/domain/waiting.ts'
import { readJsonIfExistsSync } from '../../lib/files/atomic-json.ts'
import type { WorkerAtWork } from '../live-workers.ts'

/** A worker checks an answer at once; one that is loading a page, or a machine under load, later. */
const VERDICT_TIMEOUT_MS = 10_000
const POLL_MS = 50

/**
 * Waits until a worker has checked the answer to `asked`. Resolves with `taken` when its wait is over,
 * and with `given` if that does not become known: the worker is slow, its time is up or it is gone.
 * @throws `input-invalid` if it refuses the answer and waits on.
 */
export async function awaitVerdict(
  paths: ProjectPaths,
  { workerId, job: { jobId, attempt } }: WorkerAtWork,
  asked: Waiting,
): Promise<'taken' | 'given'> {
  const file = join(paths.workerStates, `${workerId}.json`)
  const giveUpAt = systemClock.monotonic() + VERDICT_TIMEOUT_MS
  while (systemClock.monotonic() < giveUpAt) {
    const worker = readJsonIfExistsSync(file, WorkerDocument)
    if (worker?.job?.jobId !== jobId || worker.job.attempt !== attempt || worker.state === 'exited')
      return 'given'
    const { waiting } = worker
    if (waiting?.id !== asked.id) return systemClock.now() < asked.deadlineAt ? 'taken' : 'given'
    const { refused } = waiting
    if (refused !== undefined && refused.count > (asked.refused?.count ?? 0)) {
      throw new AutomateError(
        'input-invalid',
        `Worker ${workerId} refuses the answer: ${refused.why}. It still waits for another one.`,
      )
    }
    await pause(POLL_MS, systemClock)
  }
  return 'given'
}
