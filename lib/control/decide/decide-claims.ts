import { Capacity, pausedUntil, workersOf } from './concurrency.ts'
import { chooseWorker, isIdle, isHeldOpen, isReusable } from './worker-view.ts'
import type { Requirements, WorkerView } from './worker-view.ts'
import type { AttemptView } from './attempt-view.ts'
import { wakeFor } from './scheduler-view.ts'
import type { Action, Moment, SchedulerView } from './scheduler-view.ts'

/**
 * Claims jobs from the head of the queue as long as there is room for their workers. The first job
 * that does not fit blocks the jobs behind it, so that no job starves. A job that a limit or a
 * domain pause blocks does not block jobs outside that limit. A held browser takes a slot. There
 * are never more processes than slots and warm workers together, so idle workers that a job cannot
 * use end before its claim. If nothing was claimed, forks warm workers.
 */
export function decideClaims(view: SchedulerView, moment: Moment, actions: Action[], wakes: number[]): void {
  const claimed = claim(view, moment.now, actions, wakes)
  if (claimed || view.warm === 0 || hasAllWorkers(view)) return
  // A warm worker has no use after the last job.
  if (view.urgent && view.claimable.length === 0) return
  const { workers } = view
  const warm = workers.filter(worker => isIdle(worker) && worker.serves === null)
  // Workers that jobs wait for start first, because a warm worker would slow their start.
  const starting = workers.some(
    ({ ready, killedAt, stoppingAt }) => !ready && killedAt === null && stoppingAt === null,
  )
  if (starting || warm.length >= view.warm || workers.length >= view.slots + view.warm) return
  if (moment.monotonic >= view.warmAfter) actions.push({ type: 'fork' })
  else wakes.push(wakeFor(view.warmAfter, moment))
}

/**
 * True if there are as many reused workers as slots, and they can run all claimable jobs. Another
 * worker would only take processor time from them.
 */
function hasAllWorkers({ claimable, workers, slots, recycle }: SchedulerView): boolean {
  const kept = workers.filter(worker => isReusable(worker, recycle))
  return (
    claimable.length > 0 &&
    kept.length >= slots &&
    claimable.every(({ workflow }) => kept.some(({ serves }) => serves?.workflow === workflow))
  )
}

function claim(view: SchedulerView, now: number, actions: Action[], wakes: number[]): boolean {
  const retiring = new Set(
    actions.flatMap(one => (one.type === 'retire' || one.type === 'kill' ? [one.workerId] : [])),
  )
  let pool: readonly WorkerView[] = view.workers.filter(({ workerId }) => !retiring.has(workerId))
  const kept = view.workers.filter(({ keptUntil }) => keptUntil !== null)
  let free = view.slots - view.runs.reduce((sum, run) => sum + living(run), 0) - kept.length
  let forkable = view.slots + view.warm - view.workers.length
  const limited = new Capacity(view.limits, view.runs)
  const { holds, proxies } = view.limits
  for (const until of [...holds.map(one => one.until), proxies?.moreAt ?? now])
    if (until > now) wakes.push(until)
  let blocked = false
  let claimed = false
  for (const job of view.claimable) {
    // When this job is due, it may be claimed before a job that waits for workers now.
    if (job.dueAt > now) {
      wakes.push(job.dueAt)
      break
    }
    const needs = workersOf(job, view.slots, view.limits)
    if (pausedUntil(job, view.limits) > now || !limited.admits(job, needs)) continue
    if (!blocked && needs > free) {
      blocked = true
      if (view.urgent) yieldKept(kept, needs - free, retiring, actions)
    }
    if (blocked) continue
    const need = view.needs.get(job.workflow) ?? anyProcess(job.workflow)
    const left = without(pool, need, needs, view)
    const cold = needs - (pool.length - left.length)
    if (cold > forkable) {
      blocked = true
      makeRoom(left, cold - forkable - retiring.size, actions)
      continue
    }
    actions.push({ type: 'claim', jobId: job.id })
    claimed = true
    limited.take(job, needs)
    pool = left
    forkable -= cold
    free -= needs
  }
  return claimed
}

/** Returns the pool without the workers that a job takes. */
function without(
  pool: readonly WorkerView[],
  need: Requirements,
  count: number,
  { recycle }: SchedulerView,
): readonly WorkerView[] {
  let left = pool
  for (let member = 0; member < count; member++) {
    const chosen = chooseWorker(left, need, recycle)
    if (chosen === undefined) break
    left = left.filter(worker => worker !== chosen)
  }
  return left
}

/**
 * Retires the workers that have been idle longest, to make room for `count` workers. Workers that
 * are already ending count as room.
 */
function makeRoom(left: readonly WorkerView[], count: number, actions: Action[]): void {
  const leaving = left.filter(({ stoppingAt, killedAt }) => stoppingAt !== null || killedAt !== null).length
  const idle = left.filter(isIdle).sort((a, b) => (a.idleSince ?? 0) - (b.idleSince ?? 0))
  for (const { workerId } of idle.slice(0, Math.max(0, count - leaving))) {
    actions.push({ type: 'retire', workerId, why: 'room' })
  }
}

/**
 * Closes the held browsers that have been open longest, to free `count` slots. A browser that is
 * already closing counts as a free slot.
 */
function yieldKept(
  kept: readonly WorkerView[],
  count: number,
  retiring: ReadonlySet<string>,
  actions: Action[],
): void {
  const stay = kept.filter(worker => isHeldOpen(worker) && !retiring.has(worker.workerId))
  const oldest = stay.sort((a, b) => (a.keptUntil ?? 0) - (b.keptUntil ?? 0))
  for (const { workerId } of oldest.slice(0, Math.max(0, count - (kept.length - stay.length)))) {
    actions.push({ type: 'retire', workerId, why: 'room' })
  }
}

/**
 * Returns requirements for a workflow that is unknown now, so that its job can be claimed and
 * refused.
 */
function anyProcess(workflow: string): Requirements {
  return { workflow, isolation: 'process', launchKey: '' }
}

const living = (run: AttemptView): number => run.members.filter(member => member.outcome === null).length
