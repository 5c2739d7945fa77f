import type { JobSummary } from '../../model/job/job.ts'
import type { StopReason } from '../../model/job/outcome.ts'
import type { ClaimLimits } from './concurrency.ts'
import type { Requirements, WorkerView, RecycleLimits } from './worker-view.ts'
import type { AttemptView } from './attempt-view.ts'

/**
 * Mode of the scheduler. `scheduling` claims jobs; `starting`, `paused` and `draining` let running
 * jobs end; `shutdown` interrupts them.
 */
export type Mode = 'starting' | 'scheduling' | 'paused' | 'draining' | 'shutdown'

/**
 * One moment, in milliseconds of both clocks. Jobs, limits and people use the wall clock. The time
 * of a worker is counted by the monotonic clock, which stops while the machine is suspended.
 */
export interface Moment {
  readonly now: number
  readonly monotonic: number
}

/** Converts a time of the monotonic clock to the epoch ms at which to wake for it. */
export const wakeFor = (at: number, { now, monotonic }: Moment): number => now + at - monotonic

/** Returns the earlier of two times; null means never. */
export const earliest = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b)

export interface SchedulerView {
  readonly mode: Mode
  /**
   * True if a caller waits for an empty queue. A held browser then closes as soon as a job needs
   * its slot, and no worker is forked ahead of need.
   */
  readonly urgent: boolean
  /**
   * Time of the monotonic clock since which the disk has had room and the database has accepted
   * writes. Null while writes are refused, because then no worker can report its state, and a
   * finished worker waits until it can write its result.
   */
  readonly writableSince: number | null
  /** Maximum number of workers at once. */
  readonly slots: number
  /** Number of workers forked ahead of need, in addition to the slots. */
  readonly warm: number
  readonly recycle: RecycleLimits
  /**
   * Time of the monotonic clock before which no worker is forked ahead of need, because the last
   * workers died.
   */
  readonly warmAfter: number
  /** All processes that have not exited, with or without a job. */
  readonly workers: readonly WorkerView[]
  /** Requirements of the claimable jobs, by workflow. */
  readonly needs: ReadonlyMap<string, Requirements>
  /** Jobs that may be claimed, in queue order. The last one may not be due yet. */
  readonly claimable: readonly JobSummary[]
  readonly runs: readonly AttemptView[]
  readonly limits: ClaimLimits
}

export type Action =
  | { readonly type: 'claim'; readonly jobId: number }
  | { readonly type: 'stop'; readonly workerId: string; readonly reason: StopReason }
  | { readonly type: 'kill'; readonly workerId: string; readonly why: KillReason }
  /**
   * Gives a worker more time, because the scheduler itself was late and has not read the worker's
   * last writes.
   */
  | { readonly type: 'reprieve'; readonly workerId: string }
  | { readonly type: 'settle'; readonly jobId: number }
  /** Forks a worker ahead of need. */
  | { readonly type: 'fork' }
  /** Asks a worker without a job to end. */
  | { readonly type: 'retire'; readonly workerId: string; readonly why: RetireReason }

/**
 * Reason to retire a worker. `spent`: it has reached its limit of jobs or memory, or is out of
 * date. `idle`: no job needs it. `room`: another worker needs its place. `over`: no more jobs are
 * claimed. `seen`: its browser was held for long enough.
 */
export type RetireReason = 'spent' | 'idle' | 'room' | 'over' | 'seen'

export type KillReason = 'never-started' | 'blocked' | 'did-not-stop'

export interface Decision {
  readonly actions: readonly Action[]
  /**
   * Epoch ms of the next decision if nothing changes before; null if only a change requires one.
   */
  readonly wakeAt: number | null
}
