import { IDLE_KEPT_MS, KILL_AGAIN_MS, STARTUP_LIMIT_MS, STOP_GRACE_MS } from './timeouts.ts'
import { isIdle, isHeldOpen, shouldRecycle } from './worker-view.ts'
import type { WorkerView } from './worker-view.ts'
import { wakeFor } from './scheduler-view.ts'
import type { Action, KillReason, Moment, RetireReason, SchedulerView } from './scheduler-view.ts'

/**
 * Ends workers that have no job and are no longer needed or do not respond. Closes browsers that
 * have been held for long enough.
 */
export function decidePool(view: SchedulerView, moment: Moment, actions: Action[], wakes: number[]): void {
  const { monotonic } = moment
  for (const worker of view.workers) {
    if (worker.idleSince === null && worker.keptUntil === null) continue
    const verdict = overdue(worker)
    if (verdict !== null) {
      const at = worker.killedAt === null ? verdict.at : worker.killedAt + KILL_AGAIN_MS
      if (at <= monotonic) {
        actions.push({ type: 'kill', workerId: worker.workerId, why: verdict.why })
        continue
      }
      wakes.push(wakeFor(at, moment))
    }
    if (isHeldOpen(worker)) decideKept(view, worker, moment, actions, wakes)
    if (!isIdle(worker) || worker.idleSince === null) continue
    const why = reasonToRetire(view, worker, monotonic)
    if (why !== null) actions.push({ type: 'retire', workerId: worker.workerId, why })
    else if (worker.serves !== null) wakes.push(wakeFor(worker.idleSince + IDLE_KEPT_MS, moment))
  }
}

function decideKept(
  { mode }: SchedulerView,
  { workerId, keptUntil }: WorkerView,
  moment: Moment,
  actions: Action[],
  wakes: number[],
): void {
  const over = mode === 'draining' || mode === 'shutdown'
  const until = keptUntil ?? moment.monotonic
  if (over || until <= moment.monotonic)
    actions.push({ type: 'retire', workerId, why: over ? 'over' : 'seen' })
  else wakes.push(wakeFor(until, moment))
}

function overdue(worker: WorkerView): { at: number; why: KillReason } | null {
  if (worker.stoppingAt !== null) return { at: worker.stoppingAt + STOP_GRACE_MS, why: 'did-not-stop' }
  // A worker that survived a kill may have become ready in the meantime.
  if (worker.keptUntil !== null || (worker.ready && worker.killedAt === null)) return null
  return { at: worker.forkedAt + STARTUP_LIMIT_MS, why: 'never-started' }
}

function reasonToRetire(view: SchedulerView, worker: WorkerView, monotonic: number): RetireReason | null {
  if (view.mode === 'draining' || view.mode === 'shutdown') return 'over'
  if (shouldRecycle(worker, view.recycle)) return 'spent'
  // No workflow can use this worker, or warm workers are not wanted now.
  if (worker.serves === null && view.warm === 0) return 'idle'
  const longIdle = worker.serves !== null && monotonic - (worker.idleSince ?? monotonic) >= IDLE_KEPT_MS
  return longIdle ? 'idle' : null
}
