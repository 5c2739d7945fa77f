import type { JobSummary } from '../domain/job.ts'
import type { StopReason } from '../domain/outcome.ts'
import type { Member, Run } from './run.ts'

/** Several Chromes that start together queue for the processor; this is ten times what eight of them need on two cores. */
export const STARTUP_LIMIT_MS = 60_000

/** A worker that is told to stop closes its Chrome within a second or two; three times that, then its process tree is killed. */
export const STOP_GRACE_MS = 6_000

/** A tree that was killed is gone at once; where the kill itself failed (a busy Windows), it is tried again this often. */
export const KILL_AGAIN_MS = 5_000

/** How long after a phase's deadline and abort grace a worker gets to write down that it timed out, before it counts as blocked. */
export const WATCHDOG_GRACE_MS = 2_000

/**
 * What the scheduler may do: `scheduling` claims jobs; `paused` and `draining` let what runs end; `shutdown` interrupts it.
 */
export type Mode = 'scheduling' | 'paused' | 'draining' | 'shutdown'

export interface SchedulerView {
  readonly mode: Mode
  /** Most workers at once. */
  readonly slots: number
  /** Jobs that may be claimed, in the order in which they go; the last may be due only later. */
  readonly claimable: readonly JobSummary[]
  readonly runs: readonly Run[]
}

export type Action =
  | { readonly type: 'claim'; readonly jobId: number }
  | { readonly type: 'stop'; readonly workerId: string; readonly reason: StopReason }
  | { readonly type: 'kill'; readonly workerId: string; readonly why: KillReason }
  | { readonly type: 'settle'; readonly jobId: number }

export type KillReason = 'never-started' | 'blocked' | 'did-not-stop'

export interface Decision {
  readonly actions: readonly Action[]
  /** When to decide again although nothing was heard, in wall-clock milliseconds; null when only news can change anything. */
  readonly wakeAt: number | null
}

/**
 * The scheduler's whole judgement: what to do about what is known at `now`. Pure and synchronous, so that no race lives in it; asking twice without
 * performing the actions gives the same answer.
 */
export function decide(view: SchedulerView, now: number): Decision {
  const actions: Action[] = []
  const wakes: number[] = []
  for (const run of view.runs) {
    if (run.members.every(member => member.outcome !== null)) {
      actions.push({ type: 'settle', jobId: run.job.id })
      continue
    }
    const reason = stopReason(run, view.mode)
    for (const member of run.members) {
      if (member.outcome !== null) continue
      if (reason !== null && member.stop === null) {
        actions.push({ type: 'stop', workerId: member.workerId, reason })
      }
      const verdict = overdue(member)
      if (verdict === null) continue
      const at = member.killedAt === null ? verdict.at : member.killedAt + KILL_AGAIN_MS
      if (at <= now) actions.push({ type: 'kill', workerId: member.workerId, why: verdict.why })
      else wakes.push(at)
    }
  }
  if (view.mode === 'scheduling') wakes.push(...claim(view, now, actions))
  return { actions, wakeAt: wakes.length === 0 ? null : Math.min(...wakes) }
}

function stopReason(run: Run, mode: Mode): StopReason | null {
  if (run.best?.targetMet === true) return 'target-met'
  if (run.cancelRequested) return 'cancelled'
  return mode === 'shutdown' ? 'shutdown' : null
}

/** The moment from which a worker counts as unable to answer, and why; null when nothing is expected of it now. */
function overdue(member: Member): { at: number; why: KillReason } | null {
  if (member.stop !== null) return { at: member.stop.at + STOP_GRACE_MS, why: 'did-not-stop' }
  if (member.seenAt === null) return { at: member.forkedAt + STARTUP_LIMIT_MS, why: 'never-started' }
  if (member.mustAnswerAt === null) return null
  return { at: member.mustAnswerAt + WATCHDOG_GRACE_MS, why: 'blocked' }
}

/** Claims from the head of the queue while workers fit; a job that does not fit holds the place for itself, so that none starves. */
function claim(view: SchedulerView, now: number, actions: Action[]): number[] {
  let free = view.slots - view.runs.reduce((sum, run) => sum + living(run), 0)
  let blocked = false
  for (const job of view.claimable) {
    // A job that falls due later may go before the one that waits for workers.
    if (job.dueAt > now) return [job.dueAt]
    const needs = workersOf(job, view.slots)
    blocked ||= needs > free
    if (blocked) continue
    actions.push({ type: 'claim', jobId: job.id })
    free -= needs
  }
  return []
}

const living = (run: Run): number => run.members.filter(member => member.outcome === null).length

/** How many workers a job gets: what it asks for, but never more than there are slots. */
export function workersOf(job: Pick<JobSummary, 'workers'>, slots: number): number {
  return Math.min(job.workers, slots)
}
