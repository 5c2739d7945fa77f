import type { Clock } from '../core/clock.ts'
import { AutomateError } from '../core/errors.ts'
import type { Facts } from './facts.ts'
import type { Scheduler } from './scheduler.ts'
import type { StoreWrites } from './store-writes.ts'

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

  constructor(deps: WorkEndDependencies) {
    this.deps = deps
  }

  /** Ends the wait for a database that cannot be written, now or later. */
  leave(): void {
    this.isLeft = true
    this.deps.facts.look()
  }

  /** Resolves with the number of jobs whose end is not stored: 0 unless the database cannot be written. */
  async settled(): Promise<number> {
    const { scheduler, facts, writes } = this.deps
    void writes.check()
    await facts.until(() => this.isOver())
    return scheduler.running
  }

  private isOver(): boolean {
    const { scheduler, writes, clock } = this.deps
    const { running, processes } = scheduler
    if (running === 0 && processes === 0) return true
    if (!scheduler.isStoreRefusing && writes.trouble === undefined) {
      this.refusingSince = null
      return false
    }
    this.refusingSince ??= clock.monotonic()
    const waitedMs = clock.monotonic() - this.refusingSince
    if (processes > 0) return waitedMs >= WORKERS_WAIT_MS
    return this.isLeft || waitedMs >= REFUSED_WAIT_MS
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
