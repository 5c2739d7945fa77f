import type { JobSummary } from '../../model/job/job.ts'
import type { StopReason } from '../../model/job/outcome.ts'
import type { ClaimLimits } from './concurrency.ts'
import type { Requirements, WorkerView, RecycleLimits } from './worker-view.ts'
import type { AttemptView } from './attempt-view.ts'

/**
 * What the scheduler may do: `scheduling` claims jobs; `starting`, `paused` and `draining` let what runs end; `shutdown` interrupts it.
 */
export type Mode = 'starting' | 'scheduling' | 'paused' | 'draining' | 'shutdown'

/** One moment by both clocks: jobs, limits and people go by the wall clock; how long a worker has had is counted by the monotonic one, which stands still with a suspended machine. */
export interface Moment {
  readonly now: number
  readonly monotonic: number
}

/** When to wake for what is due by the monotonic clock, in wall-clock milliseconds. */
export const wakeFor = (at: number, { now, monotonic }: Moment): number => now + at - monotonic

/** Returns the earlier of two times; null stands for never. */
export const earliest = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b)

export interface SchedulerView {
  readonly mode: Mode
  /** Somebody waits for the queue to be empty: a browser that is open to be looked at leaves as soon as a job needs its slot, and nothing is started ahead of jobs that are not there. */
  readonly urgent: boolean
  /** Since when, by the monotonic clock, the disk has had room and the database has taken writes; null while one is not so: then no worker can say how it stands, and one that is done waits with its result. */
  readonly writableSince: number | null
  /** Most workers at once. */
  readonly slots: number
  /** Workers forked ahead of need, beside the slots. */
  readonly warm: number
  readonly recycle: RecycleLimits
  /** Until then, by the monotonic clock, no worker is forked ahead of need: the last ones died. */
  readonly warmAfter: number
  /** Every process that has not exited, with a job or without. */
  readonly workers: readonly WorkerView[]
  /** What the claimable jobs ask of a worker, by their workflows. */
  readonly needs: ReadonlyMap<string, Requirements>
  /** Jobs that may be claimed, in the order in which they go; the last may be due only later. */
  readonly claimable: readonly JobSummary[]
  readonly runs: readonly AttemptView[]
  readonly limits: ClaimLimits
}

export type Action =
  | { readonly type: 'claim'; readonly jobId: number }
  | { readonly type: 'stop'; readonly workerId: string; readonly reason: StopReason }
  | { readonly type: 'kill'; readonly workerId: string; readonly why: KillReason }
  /** Give a worker more time: the scheduler itself came late, and what the worker has written is unread. */
  | { readonly type: 'reprieve'; readonly workerId: string }
  | { readonly type: 'settle'; readonly jobId: number }
  /** Fork a worker ahead of need. */
  | { readonly type: 'fork' }
  /** Ask a worker without a job to end. */
  | { readonly type: 'retire'; readonly workerId: string; readonly why: RetireReason }

/**
 * `spent`: it has had its jobs or its megabytes; `idle`: nobody needs it; `room`: another worker needs its place; `over`: nothing more is claimed; `seen`: its browser
 * was open for long enough.
 */
export type RetireReason = 'spent' | 'idle' | 'room' | 'over' | 'seen'

export type KillReason = 'never-started' | 'blocked' | 'did-not-stop'

export interface Decision {
  readonly actions: readonly Action[]
  /** When to decide again although nothing was heard, in wall-clock milliseconds; null when only news can change anything. */
  readonly wakeAt: number | null
}
