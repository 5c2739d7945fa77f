import type { ClaimScope, JobSummary } from '../../../model/job/job.ts'
import type { OutputOf } from '../../../store/operations/index.ts'
import type { Store } from '../../../store/store.ts'
import type { ClaimLimits } from '../../decide/concurrency.ts'
import type { AttemptView } from '../../decide/attempt-view.ts'
import type { AdmissionControl } from '../admission/admission.ts'

/**
 * Tables that do not affect which jobs may be claimed. The workers of a job write them while it
 * runs.
 */
const BESIDE_THE_QUEUE: ReadonlySet<string> = new Set(['offers', 'discoveries'])

/** Running jobs, with the fields that the queue depends on. */
export interface RunningJobs {
  /** Attempts of the jobs. */
  readonly all: readonly AttemptView[]
  /** Capacity of the proxies that they use. */
  readonly proxyRoom: ClaimLimits['proxies']
  /** Receives the news of the workers from the store. */
  onNews(news: OutputOf<'runs.news'>): void
}

export interface QueueCacheDependencies {
  readonly store: Store
  readonly slots: number
  /** Part of the queue that is claimed; absent: all. */
  readonly scope?: ClaimScope
}

/**
 * Caches the queue and the news of running jobs. Reads the store again only if something may have
 * changed.
 */
export class QueueCache {
  private readonly deps: QueueCacheDependencies
  private readonly limits: AdmissionControl
  private readonly jobs: RunningJobs
  private queueStale = true
  private newsStale = true
  /** Result of the operation `jobs.claimable`. */
  claimable: readonly JobSummary[] = []

  constructor(deps: QueueCacheDependencies, limits: AdmissionControl, jobs: RunningJobs) {
    this.deps = deps
    this.limits = limits
    this.jobs = jobs
  }

  /** True if nothing has changed since the last reading. */
  get fresh(): boolean {
    return !this.queueStale && !this.newsStale
  }

  /** Receives the tables of a write to the store. */
  onWrite(tables: readonly string[]): void {
    this.limits.written(tables)
    this.newsStale = true
    if (tables.some(table => !BESIDE_THE_QUEUE.has(table))) this.queueStale = true
  }

  /** Marks the queue as stale, because other jobs may be claimable. */
  invalidateQueue(): void {
    this.queueStale = true
  }

  /** Marks the news as stale, because workers may have written about a job. */
  invalidateNews(): void {
    this.newsStale = true
  }

  /**
   * Reads stale parts as of `now`, together, so that one reply brings both. Omits the jobs of the
   * `missing` workflows.
   */
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
