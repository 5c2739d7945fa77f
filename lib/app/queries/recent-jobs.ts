import type { JobSummary } from '../../model/job/job.ts'
import type { Store } from '../../store/store.ts'

/** Number of jobs in a snapshot besides those that run. */
export const RECENT_JOBS = 200

interface Known {
  readonly seq: number
  readonly job: JobSummary
  readonly resurfaced: boolean
}

/** The jobs that run and those that changed last. Each is read once for every change of it: most of them have ended and change no more. */
export class RecentJobs {
  private readonly store: Pick<Store, 'call'>
  private readonly limit: number
  private newest = 0
  /** The oldest change that counted among the last ones at the last reading; 0 when all did. */
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

  /** The jobs that changed before what the readings listed, and are listed since newer ones were removed. */
  get resurfaced(): ReadonlySet<number> {
    return new Set([...this.known.values()].filter(one => one.resurfaced).map(({ job }) => job.id))
  }

  /** Returns the jobs as they are at one moment; the last change stands first. */
  async read(): Promise<JobSummary[]> {
    const known = [...this.known].map(([id, { seq }]) => ({ id, seq }))
    const recent = await this.store.call('jobs.recent', { limit: this.limit, known })
    this.known = new Map(
      recent.flatMap(({ id, seq, job: changed }) => {
        const before = this.known.get(id)
        // A job whose row cannot be read comes without a summary, and is left out.
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
