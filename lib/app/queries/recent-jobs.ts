import type { JobSummary } from '../../model/job/job.ts'
import type { Store } from '../../store/store.ts'

/** Number of jobs in a snapshot in addition to the running ones. */
export const RECENT_JOBS = 200

interface Known {
  readonly seq: number
  readonly job: JobSummary
  readonly resurfaced: boolean
}

/**
 * Caches the running jobs and the last changed jobs. Reads each job once for every change of it,
 * because most jobs have ended and do not change.
 */
export class RecentJobs {
  private readonly store: Pick<Store, 'call'>
  private readonly limit: number
  private newest = 0
  /** The oldest change that counted among the last ones at the last reading; 0 if all did. */
  private oldest = 0
  private known = new Map<number, Known>()

  constructor(store: Pick<Store, 'call'>, limit: number) {
    this.store = store
    this.limit = limit
  }

  /** The `seq` of the newest change of a job at the last reading; 0 without a job. */
  get seq(): number {
    return this.newest
  }

  /**
   * Jobs that changed before the earlier lists began, and that are listed because newer jobs were
   * removed.
   */
  get resurfaced(): ReadonlySet<number> {
    return new Set([...this.known.values()].filter(one => one.resurfaced).map(({ job }) => job.id))
  }

  /** Returns the jobs at one moment, with the last change first. */
  async read(): Promise<JobSummary[]> {
    const known = [...this.known].map(([id, { seq }]) => ({ id, seq }))
    const recent = await this.store.call('jobs.recent', { limit: this.limit, known })
    this.known = new Map(
      recent.flatMap(({ id, seq, job: changed }) => {
        const before = this.known.get(id)
        // An unreadable row comes without a summary, and its job is omitted.
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
