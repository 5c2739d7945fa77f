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
 * Returns the workers that have a job and have not exited. Excludes documents of workers that ended
 * with a killed scheduler, and documents of the original's workers in a copied project.
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
 * Returns a living worker by its own name, or by its job's number if the job has one worker.
 * @throws `usage`
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
 * Returns a worker with a held browser by its own name or its job's number. Other workers of the
 * job do not count.
 * @throws `usage`
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
 * Returns a worker that waits for a person, and its wait, by its own name or its job's number.
 * Other workers of the job do not count.
 * @throws `usage`
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
 * Checks that a worker's wait has not changed while its person typed on stdin. Another job, on
 * another site, may wait by now.
 * @throws `usage` if that wait is over.
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
