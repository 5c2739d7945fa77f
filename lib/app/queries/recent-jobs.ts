import type { JobSummary } from '../../model/job/job.ts'
import type { Store } from '../../store/store.ts'

/** Maximum number of jobs in a snapshot, in addition to the running jobs. */
export const RECENT_JOBS = 200

interface Known {
  readonly seq: number
  readonly job: JobSummary
  readonly resurfaced: boolean
}

/**
 * Caches the running jobs and the most recently changed jobs. Reads a job only after it has
 * changed, because most jobs have ended and no longer change.
 */
export class RecentJobs {
  private readonly store: Pick<Store, 'call'>
  private readonly limit: number
  private newest = 0
  /**
   * The `seq` of the oldest of the most recently changed jobs at the last read; 0 if the list was
   * not full.
   */
  private oldest = 0
  private known = new Map<number, Known>()

  constructor(store: Pick<Store, 'call'>, limit: number) {
    this.store = store
    this.limit = limit
  }

  /** The `seq` of the latest change to any job at the last read; 0 if there was no job. */
  get seq(): number {
    return this.newest
  }

  /**
   * Ids of jobs whose last change is older than every change in the previous list. They are listed
   * because newer jobs were removed.
   */
  get resurfaced(): ReadonlySet<number> {
    return new Set([...this.known.values()].filter(one => one.resurfaced).map(({ job }) => job.id))
  }

  /**
   * Returns the running and the most recently changed jobs at one moment, most recently changed
   * first.
   */
  async read(): Promise<JobSummary[]> {
    const known = [...this.known].map(([id, { seq }]) => ({ id, seq }))
    const recent = await this.store.call('jobs.recent', { limit: this.limit, known })
    this.known = new Map(
      recent.flatMap(({ id, seq, job: changed }) => {
        const before = this.known.get(id)
        // The store returns no summary for an unreadable row, so the job is left out.
        const job = changed ?? (before?.seq === seq ? before.job : undefined)
        const resurfaced = before === undefined ? seq < this.oldest : before.resurfaced && before.seq === seq
        return job === undefined ? [] : [[id, { seq, job, resurfaced }]]
      }),
    )
    this.newest = recent[0]?.seq ?? 0
    this.oldest = recent[this.limit - 1]?.seq ?? 0
    return [...this.known.values()].map(({ job }) => job)
  }
}
