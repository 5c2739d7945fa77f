import type { Clock } from '../../core/time/clock.ts'
import { AutomateError } from '../../core/errors/errors.ts'
import type { Facts } from '../facts.ts'
import type { Scheduler } from './scheduler.ts'
import type { StoreWrites } from '../store-writes.ts'

/** Time of a database that cannot be written to take what the last workers have left. */
const REFUSED_WAIT_MS = 10_000

/** The same while workers live: on a disk that fails, nothing may be decided about them any more, and a process can outlive its kill. */
const WORKERS_WAIT_MS = 30_000

export interface WorkEndDependencies {
  readonly scheduler: Pick<Scheduler, 'running' | 'processes' | 'isStoreRefusing'>
  readonly writes: Pick<StoreWrites, 'trouble' | 'check'>
  readonly facts: Facts
  readonly clock: Clock
}

/** The end of what runs, after which a scheduler closes: its workers have ended, and how its jobs ended is in the database, or cannot get there. */
export class WorkEnd {
  private readonly deps: WorkEndDependencies
  private isLeft = false
  /** Since when the database has been refusing writes, by the monotonic clock; null while it takes them. */
  private refusingSince: number | null = null
  /** Since when, by the monotonic clock, it has been refusing them with no worker left; null while that is not so. */
  private leftSince: number | null = null

  constructor(deps: WorkEndDependencies) {
    this.deps = deps
  }

  /** Ends the wait for a database that cannot be written, now or later. */
  leave(): void {
    this.isLeft = true
    this.deps.facts.check()
  }

  /** Resolves when no job runs any more, when `isOver` says so, or when how jobs ended cannot be stored. */
  async drained(isOver: () => boolean): Promise<void> {
    const { scheduler, facts, writes } = this.deps
    void writes.check()
    await facts.until(() => this.isGivenUp() || scheduler.running === 0 || isOver())
  }

  /** Resolves with the number of jobs whose end is not stored: 0 unless the database cannot be written. */
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

  /** True once no worker is left, and the database has refused for so long what they have left. */
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

/** Returns the error of a scheduler that ends while the end of so many jobs is not stored. */
export function leftToNext(jobs: number): AutomateError {
  const count = jobs === 1 ? '1 job' : `${jobs} jobs`
  return new AutomateError(
    'store-refused',
    `The scheduler ended while its database could not be written: how ${count} ended is not stored. The next scheduler takes the results that workers have left in data/results, and does what is left again. ` +
      'Check that the disk of the project works, has room, and is not mounted read-only. Then start the scheduler again.',
    { facts: { jobs } },
  )
}
