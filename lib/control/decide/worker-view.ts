import type { LaunchProfile } from '../../model/worker/documents.ts'
import type { Isolation } from '../../model/job/workflow.ts'

/** One worker process, as `decide` sees it. Times are of the monotonic clock. */
export interface WorkerView {
  readonly workerId: string
  /** Launch key of the worker's browser. See `launchKey`. */
  readonly launchKey: string
  readonly forkedAt: number
  /** True once the browser runs, so that the worker can begin a job at once. */
  readonly ready: boolean
  /**
   * Workflow that the worker has loaded. Null for a warm worker, which takes any job of its launch
   * profile.
   */
  readonly serves: Binding | null
  /** Time since which the worker has been waiting for work; null while it has a job. */
  readonly idleSince: number | null
  /** Number of jobs that the worker has been given. */
  readonly jobs: number
  /** Memory of the worker and its browser after the last job. */
  readonly memoryBytes: number
  /**
   * True if the worker's code, environment, secrets or channels differ from those of a new worker.
   */
  readonly stale: boolean
  /** Time at which the worker was asked to end; null if it was not. */
  readonly stoppingAt: number | null
  /**
   * Time until which the worker's browser is held open at most; null if it is not held. A worker
   * with a held browser has no job, but still takes a slot.
   */
  readonly keptUntil: number | null
  readonly killedAt: number | null
}

export interface Binding {
  readonly workflow: string
  readonly isolation: Isolation
}

/** Requirements that a job has for its workers. */
export interface Requirements extends Binding {
  readonly launchKey: string
}

/** Limits after which a worker is replaced, so that leftovers of its jobs do not accumulate. */
export interface RecycleLimits {
  readonly jobs: number
  readonly bytes: number
}

/** Returns the key of a launch profile. Workers with equal keys are interchangeable. */
export function launchKey(launch: LaunchProfile): string {
  return JSON.stringify(Object.entries(launch).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** True if a worker has reached a limit of its use, or is out of date. */
export function shouldRecycle(worker: WorkerView, limits: RecycleLimits): boolean {
  return worker.jobs >= limits.jobs || worker.memoryBytes >= limits.bytes || worker.stale
}

/** True if a worker will take another job of its workflow after the current one. */
export function isReusable(worker: WorkerView, limits: RecycleLimits): boolean {
  const { serves, stoppingAt: leavingAt, killedAt } = worker
  const isReusable = leavingAt === null && killedAt === null && !shouldRecycle(worker, limits)
  return isReusable && serves !== null && serves.isolation !== 'process'
}

/** True if a worker can be given work, because it has no job and is not ending. */
export function isIdle(worker: WorkerView): boolean {
  return worker.idleSince !== null && worker.stoppingAt === null && worker.killedAt === null
}

/** True if a worker's browser is held open and has not been asked to close. */
export function isHeldOpen(worker: WorkerView): boolean {
  return worker.keptUntil !== null && worker.stoppingAt === null && worker.killedAt === null
}

/**
 * Returns the idle worker that a member of a job gets, or undefined if a worker must be forked. The
 * first choice is the worker of the same workflow that was used last, because its caches are warm.
 * The next choices are a warm worker that is ready, and one that is still starting.
 */
export function chooseWorker<W extends WorkerView>(
  workers: readonly W[],
  need: Requirements,
  limits: RecycleLimits,
): W | undefined {
  const fit = workers.filter(
    worker => isIdle(worker) && worker.launchKey === need.launchKey && !shouldRecycle(worker, limits),
  )
  const kept = fit.filter(({ serves }) => serves !== null && sameServes(serves, need))
  const warm = fit.filter(({ serves }) => serves === null)
  const [best] = [
    ...kept.sort((a, b) => (b.idleSince ?? 0) - (a.idleSince ?? 0)),
    ...warm.sort((a, b) => Number(b.ready) - Number(a.ready) || a.forkedAt - b.forkedAt),
  ]
  return best
}

function sameServes(serves: Binding, need: Binding): boolean {
  return serves.workflow === need.workflow && serves.isolation === need.isolation
}
