import type { LaunchProfile } from '../../model/worker/documents.ts'
import type { Isolation } from '../../model/job/workflow.ts'

/** One worker process, as `decide` sees it. Its instants are of the monotonic clock. */
export interface WorkerView {
  readonly workerId: string
  /** How its browser was started: see `launchKey`. */
  readonly launchKey: string
  readonly forkedAt: number
  /** Its browser was up: it can take work at once. */
  readonly ready: boolean
  /** Whose code it has loaded; null when none: then it is warm and takes any job of its launch profile. */
  readonly serves: Binding | null
  /** Since when it waits for work; null while it has some. */
  readonly idleSince: number | null
  /** How many jobs it has been given. */
  readonly jobs: number
  /** What it and its browser held after the last one. */
  readonly memoryBytes: number
  /** What it has loaded of the workflows, its environment, or what it was given of secrets and channels, is not what a new one would have. */
  readonly stale: boolean
  /** When it was asked to end; null when it was not. */
  readonly stoppingAt: number | null
  /** Until when at most its browser stays open to be looked at: it has no job any more, and still takes a slot. Null for every other. */
  readonly keptUntil: number | null
  readonly killedAt: number | null
}

export interface Binding {
  readonly workflow: string
  readonly isolation: Isolation
}

/** What a job asks of the worker that runs a member of it. */
export interface Requirements extends Binding {
  readonly launchKey: string
}

/** After how much a worker is replaced, so that what its jobs leave does not add up. */
export interface RecycleLimits {
  readonly jobs: number
  readonly bytes: number
}

/** Workers that can stand in for each other have the same key. */
export function launchKey(launch: LaunchProfile): string {
  return JSON.stringify(Object.entries(launch).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Whether a worker has served its time. */
export function shouldRecycle(worker: WorkerView, limits: RecycleLimits): boolean {
  return worker.jobs >= limits.jobs || worker.memoryBytes >= limits.bytes || worker.stale
}

/** Whether it will take another job of its workflow after what it does now. */
export function isReusable(worker: WorkerView, limits: RecycleLimits): boolean {
  const { serves, stoppingAt: leavingAt, killedAt } = worker
  const isReusable = leavingAt === null && killedAt === null && !shouldRecycle(worker, limits)
  return isReusable && serves !== null && serves.isolation !== 'process'
}

/** Whether it can be given work: nobody's, and not on its way out. */
export function isIdle(worker: WorkerView): boolean {
  return worker.idleSince !== null && worker.stoppingAt === null && worker.killedAt === null
}

/** Whether its browser is open to be looked at, and was not asked to close. */
export function isHeldOpen(worker: WorkerView): boolean {
  return worker.keptUntil !== null && worker.stoppingAt === null && worker.killedAt === null
}

/**
 * The worker that a member of a job gets: the one of its workflow that was used last (its caches are warm), else one that is ready and has loaded nobody's code,
 * else one that is on its way; undefined when one must be forked.
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
