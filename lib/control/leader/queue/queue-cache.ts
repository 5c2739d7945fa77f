import type { ClaimScope, JobSummary } from '../../../model/job/job.ts'
import type { OutputOf } from '../../../store/operations/index.ts'
import type { Store } from '../../../store/store.ts'
import type { ClaimLimits } from '../../decide/concurrency.ts'
import type { AttemptView } from '../../decide/attempt-view.ts'
import type { AdmissionControl } from '../admission/admission.ts'

/** Tables whose rows say nothing of which jobs may be claimed: the workers of a job write them while it runs. */
const BESIDE_THE_QUEUE: ReadonlySet<string> = new Set(['offers', 'discoveries'])

/** The jobs that run, as far as the queue depends on them. */
export interface RunningJobs {
  /** Their attempts. */
  readonly all: readonly AttemptView[]
  /** Capacity of the proxies that they use. */
  readonly proxyRoom: ClaimLimits['proxies']
  /** Receives what their workers have written in the store. */
  onNews(news: OutputOf<'runs.news'>): void
}

export interface QueueCacheDependencies {
  readonly store: Store
  readonly slots: number
  /** What is taken of the queue; all when left out. */
  readonly scope?: ClaimScope
}

/** What the store says of the queue and of the jobs that run, read again only where it may say something else. */
export class QueueCache {
  private readonly deps: QueueCacheDependencies
  private readonly limits: AdmissionControl
  private readonly jobs: RunningJobs
  private queueStale = true
  private newsStale = true
  /** See the operation `jobs.claimable`. */
  claimable: readonly JobSummary[] = []

  constructor(deps: QueueCacheDependencies, limits: AdmissionControl, jobs: RunningJobs) {
    this.deps = deps
    this.limits = limits
    this.jobs = jobs
  }

  /** Whether nothing has changed since it was read. */
  get fresh(): boolean {
    return !this.queueStale && !this.newsStale
  }

  /** What has been written in the store. */
  onWrite(tables: readonly string[]): void {
    this.limits.written(tables)
    this.newsStale = true
    if (tables.some(table => !BESIDE_THE_QUEUE.has(table))) this.queueStale = true
  }

  /** Other jobs may go now. */
  invalidateQueue(): void {
    this.queueStale = true
  }

  /** Its workers may have said something of a job. */
  invalidateNews(): void {
    this.newsStale = true
  }

  /** Reads what is stale, as of `now`, together, so that one answer brings both. The jobs of the workflows that are `missing` are left out. */
  async read(now: number, missing: ReadonlySet<string>): Promise<void> {
    await Promise.all([this.readQueue(now, missing), this.readNews()])
  }

  private async readQueue(now: number, missing: ReadonlySet<string>): Promise<void> {
    if (!this.queueStale) return
    this.queueStale = false
    const { store, slots, scope } = this.deps
    try {
      const lanes = await this.limits.openLanes(this.jobs.proxyRoom, this.jobs.all, now, missing)
      this.claimable = await store.call('jobs.claimable', {
        limit: slots + 1,
        ...(lanes === undefined ? {} : { lanes }),
        ...(scope === undefined ? {} : { scope }),
      })
    } catch (error) {
      this.queueStale = true
      throw error
    }
  }

  private async readNews(): Promise<void> {
    if (!this.newsStale) return
    this.newsStale = false
    try {
      this.jobs.onNews(await this.deps.store.call('runs.news', {}))
    } catch (error) {
      this.newsStale = true
      throw error
    }
  }
}
