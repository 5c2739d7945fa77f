import type { JobSummary } from '../../lib/domain/job.ts'
import type { Store } from '../../lib/store/store.ts'

/** How many jobs a snapshot holds besides those that run. */
export const RECENT_JOBS = 200

/** The jobs that run and those that changed last. Each is read once for every change of it: most of them have ended and change no more. */
export class RecentJobs {
  private readonly store: Pick<Store, 'call'>
  private readonly limit: number
  private newest = 0
  private known = new Map<number, { readonly seq: number; readonly job: JobSummary }>()

  constructor(store: Pick<Store, 'call'>, limit: number) {
    this.store = store
    this.limit = limit
  }

  /** The `seq` of the newest change of a job at the last reading; 0 without a job. */
  get seq(): number {
    return this.newest
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
        return job === undefined ? [] : [[id, { seq, job }]]
      }),
    )
    this.newest = recent[0]?.seq ?? 0
    return [...this.known.values()].map(({ job }) => job)
  }
}
