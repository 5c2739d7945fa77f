import type { StopReason } from '../../model/job/outcome.ts'
import { decideClaims } from './decide-claims.ts'
import { decidePool } from './decide-pool.ts'
import {
  KILL_AGAIN_MS,
  LATE_TURN_MS,
  STARTUP_LIMIT_MS,
  STOP_GRACE_MS,
  TAKE_LIMIT_MS,
  WATCHDOG_GRACE_MS,
} from './timeouts.ts'
import { quorumLost } from './quorum.ts'
import type { MemberView, AttemptView } from './attempt-view.ts'
import { wakeFor } from './scheduler-view.ts'
import type { Action, Decision, KillReason, Mode, Moment, SchedulerView } from './scheduler-view.ts'

/**
 * Returns the actions of the scheduler at one moment, and the time of its next decision. Pure and
 * synchronous, so that race conditions are impossible. If the actions are not performed, a second
 * call returns the same decision.
 */
export function decide(view: SchedulerView, moment: Moment): Decision {
  const { monotonic } = moment
  const actions: Action[] = []
  const wakes: number[] = []
  for (const run of view.runs) {
    if (run.members.every(member => member.outcome !== null)) {
      actions.push({ type: 'settle', jobId: run.job.id })
      continue
    }
    const reason = stopReason(run, view.mode, monotonic)
    if (run.deadlineAt !== null && run.deadlineAt > monotonic) wakes.push(wakeFor(run.deadlineAt, moment))
    for (const member of run.members) {
      if (member.outcome !== null) continue
      if (reason !== null && member.stop === null) {
        actions.push({ type: 'stop', workerId: member.workerId, reason })
      }
      const verdict = overdue(member, view.writableSince)
      if (verdict === null) continue
      const at = killAt(member, verdict.at)
      if (at > monotonic) wakes.push(wakeFor(at, moment))
      else if (isReprieved(member, monotonic - at)) {
        actions.push({ type: 'reprieve', workerId: member.workerId })
      } else actions.push({ type: 'kill', workerId: member.workerId, why: verdict.why })
    }
  }
  decidePool(view, moment, actions, wakes)
  if (view.mode === 'scheduling') decideClaims(view, moment, actions, wakes)
  return { actions, wakeAt: wakes.length === 0 ? null : Math.min(...wakes) }
}

function killAt({ killedAt, reprievedAt }: MemberView, verdictAt: number): number {
  if (killedAt !== null) return killedAt + KILL_AGAIN_MS
  return reprievedAt === null ? verdictAt : Math.max(verdictAt, reprievedAt + WATCHDOG_GRACE_MS)
}

/**
 * True if the worker gets more time because the turn is late. The scheduler was then suspended, and
 * has not read the latest writes of its workers.
 */
function isReprieved({ killedAt, reprievedAt }: MemberView, lateMs: number): boolean {
  return killedAt === null && reprievedAt === null && lateMs > LATE_TURN_MS
}

function stopReason(run: AttemptView, mode: Mode, monotonic: number): StopReason | null {
  if (run.best?.targetMet === true) return 'target-met'
  if (run.cancelRequested) return 'cancelled'
  if (mode === 'shutdown') return 'shutdown'
  if (run.deadlineAt !== null && run.deadlineAt <= monotonic) return 'deadline'
  return quorumLost(run) ? 'sibling-failed' : null
}

/**
 * Returns the time of the monotonic clock from which a worker counts as unresponsive, and the
 * reason. Returns null if no response is due now.
 */
function overdue(member: MemberView, writableSince: number | null): { at: number; why: KillReason } | null {
  if (member.stop !== null) return { at: member.stop.at + STOP_GRACE_MS, why: 'did-not-stop' }
  // While writes are refused, the worker's document may be out of date, so the worker is not judged
  // by it. A worker that was already killed is killed again.
  if (writableSince === null && member.killedAt === null) return null
  if (member.seenAt === null) {
    const limitMs = member.ready ? TAKE_LIMIT_MS : STARTUP_LIMIT_MS
    return { at: Math.max(member.assignedAt, writableSince ?? 0) + limitMs, why: 'never-started' }
  }
  if (member.mustAnswerAt === null) return null
  return { at: Math.max(member.mustAnswerAt, writableSince ?? 0) + WATCHDOG_GRACE_MS, why: 'blocked' }
}
