import type { Clock } from '../../core/time/clock.ts'
import { AutomateError } from '../../core/errors/errors.ts'
import type { Facts } from '../facts.ts'
import type { Scheduler } from './scheduler.ts'
import type { StoreWrites } from '../store-writes.ts'

/**
 * Longest wait for a database that refuses writes after the last worker has ended, so that the
 * results can still be stored if it recovers.
 */
const REFUSED_WAIT_MS = 10_000

/**
 * Longest wait for a database that refuses writes while workers are still running. On a failing
 * disk nothing can be decided about them, and a process can survive its kill.
 */
const WORKERS_WAIT_MS = 30_000

export interface WorkEndDependencies {
  readonly scheduler: Pick<Scheduler, 'running' | 'processes' | 'isStoreRefusing'>
  readonly writes: Pick<StoreWrites, 'trouble' | 'check'>
  readonly facts: Facts
  readonly clock: Clock
}

/**
 * Waits for the end of all work before a scheduler closes. Work has ended when all workers have
 * exited, and the ends of their jobs are stored or cannot be stored.
 */
export class WorkEnd {
  private readonly deps: WorkEndDependencies
  private isLeft = false
  /**
   * Time of the monotonic clock since which the database has refused writes; null while it accepts
   * them.
   */
  private refusingSince: number | null = null
  /**
   * Time of the monotonic clock since which the database has refused writes and no worker has
   * remained; null otherwise.
   */
  private leftSince: number | null = null

  constructor(deps: WorkEndDependencies) {
    this.deps = deps
  }

  /** Ends the current wait for a database that cannot be written, and prevents later waits. */
  leave(): void {
    this.isLeft = true
    this.deps.facts.check()
  }

  /**
   * Resolves when no job is running, when `isOver` returns true, or when it is clear that the ends
   * of jobs cannot be stored.
   */
  async drained(isOver: () => boolean): Promise<void> {
    const { scheduler, facts, writes } = this.deps
    void writes.check()
    await facts.until(() => this.isGivenUp() || scheduler.running === 0 || isOver())
  }

  /**
   * Resolves with the number of jobs whose end is not stored. It is 0 unless the database cannot be
   * written.
   */
  async settled(): Promise<number> {
    const { scheduler, facts, writes } = this.deps
    void writes.check()
    await facts.until(() => this.isOver())
    return scheduler.running
  }

  private isOver(): boolean {
    const { scheduler, clock } = this.deps
    if (scheduler.running === 0 && scheduler.processes === 0) return true
    if (this.isGivenUp()) return true
    if (!this.isRefusing) {
      this.refusingSince = null
      return false
    }
    this.refusingSince ??= clock.monotonic()
    return scheduler.processes > 0 && clock.monotonic() - this.refusingSince >= WORKERS_WAIT_MS
  }

  /**
   * True if no worker remains, and the database has refused their results for too long or the wait
   * was ended by `leave`.
   */
  private isGivenUp(): boolean {
    const { scheduler, clock } = this.deps
    if (scheduler.processes > 0 || !this.isRefusing) {
      this.leftSince = null
      return false
    }
    this.leftSince ??= clock.monotonic()
    return this.isLeft || clock.monotonic() - this.leftSince >= REFUSED_WAIT_MS
  }

  private get isRefusing(): boolean {
    const { scheduler, writes } = this.deps
    return scheduler.isStoreRefusing || writes.trouble !== undefined
  }
}

/**
 * Returns the error of a scheduler that ends although the end of `jobs` jobs could not be stored.
 */
export function leftToNext(jobs: number): AutomateError {
  const count = jobs === 1 ? '1 job' : `${jobs} jobs`
  return new AutomateError(
    'store-refused',
    `The scheduler ended while its database could not be written, so the end of ${count} is not stored. The next scheduler stores the results in data/results and runs the other jobs again. ` +
      'Check that the disk of the project works, has free space, and is not mounted read-only. Then start the scheduler again.',
    { facts: { jobs } },
  )
}
