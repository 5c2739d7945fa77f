import { join } from 'node:path'
import { systemClock } from '../../lib/core/time/clock.ts'
import { delay } from '../../lib/core/time/timeout.ts'
import { AutomateError } from '../../lib/core/errors/errors.ts'
import type { ProjectPaths } from '../../lib/core/process/paths.ts'
import { WorkerDocument } from '../../lib/model/worker/documents.ts'
import type { WorkerWait } from '../../lib/model/worker/worker-wait.ts'
import { readJsonIfExistsSync } from '../../lib/files/documents/atomic-json.ts'
import type { BusyWorker } from '../../lib/app/queries/running-workers.ts'

/**
 * Longest wait until a worker has checked a reply. A worker checks it at once, unless the worker is
 * loading a page or the machine is under load.
 */
const ANSWER_TIMEOUT_MS = 10_000
const POLL_MS = 50

/**
 * Waits until a worker has checked the reply `orderId` to the wait `asked`. Resolves with `taken`
 * if the worker accepted the reply, and with `given` if the result remains unknown, because the
 * worker is slow, has timed out or has ended.
 * @throws `input-invalid` if the worker rejects the reply and continues to wait, and `usage` if it
 * has already accepted another reply.
 */
export async function awaitVerdict(
  paths: ProjectPaths,
  { workerId, job }: BusyWorker,
  asked: WorkerWait,
  orderId: string,
): Promise<'taken' | 'given'> {
  for await (const worker of changesOf(paths, workerId, ANSWER_TIMEOUT_MS)) {
    const { waiting, answered } = worker
    if (answered?.orderId === orderId) return 'taken'
    if (!isSameJob(worker, job)) return 'given'
    if (waiting?.id !== asked.id) {
      if (answered?.waitingId !== asked.id) return 'given'
      throw new AutomateError(
        'usage',
        `Worker ${workerId} has already accepted another answer, so this answer was discarded.`,
      )
    }
    const { refused } = waiting
    if (refused !== undefined && refused.count > (asked.refused?.count ?? 0)) {
      throw new AutomateError(
        'input-invalid',
        `Worker ${workerId} rejected the answer: ${refused.why}. The worker still waits for an answer.`,
      )
    }
    if (worker.state === 'exited') return 'given'
  }
  return 'given'
}

/**
 * Waits until a worker has performed the input `orderId` on its page. Resolves with `given` if the
 * result remains unknown.
 * @throws `usage` with the reason if the input was not performed.
 */
export async function awaitInput(
  paths: ProjectPaths,
  { workerId, job }: BusyWorker,
  asked: WorkerWait,
  orderId: string,
  timeoutMs: number,
): Promise<'taken' | 'given'> {
  for await (const worker of changesOf(paths, workerId, timeoutMs)) {
    const { waiting } = worker
    if (!isSameJob(worker, job) || worker.state === 'exited' || waiting?.id !== asked.id) return 'given'
    const { input } = waiting
    if (input?.id !== orderId) continue
    if (input.why === undefined) return 'taken'
    throw new AutomateError(
      'usage',
      `Worker ${workerId} did not perform the action: ${input.why.replace(/\.$/, '')}.`,
    )
  }
  return 'given'
}

/**
 * True if a worker is still in the given attempt of the job, or in none, because its document then
 * still has the reply to its last job.
 */
const isSameJob = (worker: WorkerDocument, { jobId, attempt }: BusyWorker['job']): boolean =>
  worker.job === null || (worker.job.jobId === jobId && worker.job.attempt === attempt)

/**
 * Yields the current document of a worker at each interval, until the worker's document is removed,
 * the timeout has passed, or the caller stops.
 */
async function* changesOf(
  paths: ProjectPaths,
  workerId: string,
  timeoutMs: number,
): AsyncGenerator<WorkerDocument> {
  const file = join(paths.workerStates, `${workerId}.json`)
  const giveUpAt = systemClock.monotonic() + timeoutMs
  while (systemClock.monotonic() < giveUpAt) {
    const worker = readJsonIfExistsSync(file, WorkerDocument)
    if (worker === undefined) return
    yield worker
    await delay(POLL_MS, systemClock)
  }
}
