import { isCopiedWorker } from '../../control/machine/workers/copied-worker.ts'
import { AutomateError } from '../../core/errors/errors.ts'
import type { ProjectPaths } from '../../core/process/paths.ts'
import { WorkerDocument } from '../../model/worker/documents.ts'
import { isForPerson } from '../../model/worker/worker-wait.ts'
import type { WorkerWait } from '../../model/worker/worker-wait.ts'
import { sameProcessAlive } from '../../platform/process/process-identity.ts'
import { readDocuments } from './read-documents.ts'

/** A worker that has a job. */
export type BusyWorker = WorkerDocument & { readonly job: NonNullable<WorkerDocument['job']> }

/** A worker that waits for a person, and its wait. */
export interface WaitingWorker {
  readonly worker: BusyWorker
  readonly waiting: WorkerWait
}

/**
 * Returns the workers that have a job and have not exited. Leaves out workers that ended together
 * with a killed scheduler. In a copied project, also leaves out the workers of the original.
 */
export async function liveWorkers(paths: ProjectPaths): Promise<BusyWorker[]> {
  const documents = await readDocuments(paths.workerStates, WorkerDocument)
  return documents.flatMap(({ job, ...worker }) =>
    job === null || worker.state === 'exited' || hasDied(worker) || isCopiedWorker(paths, worker.workerId)
      ? []
      : [{ ...worker, job }],
  )
}

function hasDied({ pid, processes }: Pick<WorkerDocument, 'pid' | 'processes'>): boolean {
  const own = processes.find(one => one.pid === pid)
  return own !== undefined && !sameProcessAlive(own)
}

const isNamed = ({ workerId, job }: BusyWorker, name: string): boolean =>
  workerId === name || String(job.jobId) === name

/**
 * Returns a running worker by its own name, or by the number of its job if the job has only one
 * worker.
 * @throws `usage` if there is no such worker, or if the job has several.
 */
export async function requireWorker(paths: ProjectPaths, name: string): Promise<BusyWorker> {
  const workers = await liveWorkers(paths)
  const named = workers.filter(worker => isNamed(worker, name))
  const [worker] = named
  if (worker !== undefined && named.length === 1) return worker
  throw new AutomateError(
    'usage',
    worker === undefined
      ? `No worker "${name}" runs now. "automate-tui status" lists the workers.`
      : `Job ${name} has ${named.length} workers. Name one: ${named.map(one => one.workerId).join(', ')}.`,
  )
}

/**
 * Returns a worker with a held browser, by its own name or by the number of its job. Other workers
 * of the job are ignored.
 * @throws `usage` if there is no such worker, or if several workers of the job hold a browser.
 */
export async function requireHeld(paths: ProjectPaths, name: string): Promise<BusyWorker> {
  const kept = (await liveWorkers(paths)).filter(({ state }) => state === 'kept')
  const named = kept.filter(worker => isNamed(worker, name))
  const [worker] = named
  if (worker !== undefined && named.length === 1) return worker
  throw new AutomateError(
    'usage',
    worker === undefined
      ? `"${name}" has no held browser. "automate-tui takeover" lists the held browsers.`
      : `Job ${name} has ${named.length} held browsers. Name one worker: ${named.map(one => one.workerId).join(', ')}.`,
  )
}

/**
 * Returns a worker that waits for a person, and its wait, by the worker's own name or by the number
 * of its job. Workers of the job that do not wait for a person do not count.
 * @throws `usage` if no such worker waits for a person, or if several workers of the job do.
 */
export async function requireWaiting(paths: ProjectPaths, name: string): Promise<WaitingWorker> {
  const waits = (await liveWorkers(paths)).flatMap(worker =>
    isNamed(worker, name) && worker.waiting !== undefined && isForPerson(worker.waiting)
      ? [{ worker, waiting: worker.waiting }]
      : [],
  )
  const [wait] = waits
  if (wait !== undefined && waits.length === 1) return wait
  if (wait !== undefined) {
    throw new AutomateError(
      'usage',
      `Job ${name} has ${waits.length} workers that wait for a person. Name one: ${waits.map(one => one.worker.workerId).join(', ')}.`,
    )
  }
  const worker = await requireWorker(paths, name)
  const { workerId } = worker
  throw new AutomateError(
    'usage',
    `Worker ${workerId} does not wait for a person. "automate-tui takeover pause ${workerId}" pauses it.`,
  )
}

/**
 * Checks that a worker is still in the same wait as before its person typed on stdin. By then it
 * may wait for another job, on another site.
 * @throws `usage` if the wait is over.
 */
export async function requireSameWait(
  paths: ProjectPaths,
  { worker, waiting }: WaitingWorker,
): Promise<void> {
  const workers = await liveWorkers(paths)
  const now = workers.find(({ workerId }) => workerId === worker.workerId)
  if (now?.waiting?.id === waiting.id) return
  throw new AutomateError(
    'usage',
    `Worker ${worker.workerId} no longer waits for the request that it had when this command started, so your input was not sent. "automate-tui takeover" lists the waiting workers.`,
  )
}
