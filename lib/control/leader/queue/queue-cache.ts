import type { ClaimScope, JobSummary } from '../../../model/job/job.ts'
import type { OutputOf } from '../../../store/operations/index.ts'
import type { Store } from '../../../store/store.ts'
import type { ClaimLimits } from '../../decide/concurrency.ts'
import type { AttemptView } from '../../decide/attempt-view.ts'
import type { AdmissionControl } from '../admission/admission.ts'

/**
 * Tables that do not affect which jobs can be claimed. Workers write to them while their jobs run.
 */
const BESIDE_THE_QUEUE: ReadonlySet<string> = new Set(['offers', 'discoveries'])

/** Running jobs, with the fields that the queue depends on. */
export interface RunningJobs {
  /** Attempts of the jobs. */
  readonly all: readonly AttemptView[]
  /** Capacity of the proxies, and the workflows that use them; null if nothing limits them. */
  readonly proxyRoom: ClaimLimits['proxies']
  /** Receives the state of the running jobs in the store. */
  onNews(news: OutputOf<'runs.news'>): void
}

export interface QueueCacheDependencies {
  readonly store: Store
  readonly slots: number
  /** Jobs to which claims are restricted; absent for the whole queue. */
  readonly scope?: ClaimScope
}

/**
 * Caches the queue and the state of running jobs. Reads the store again only if something may have
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

  /** True if nothing has changed since the last read. */
  get fresh(): boolean {
    return !this.queueStale && !this.newsStale
  }

  /** Called with the names of the tables that a write to the store has changed. */
  onWrite(tables: readonly string[]): void {
    this.limits.written(tables)
    this.newsStale = true
    if (tables.some(table => !BESIDE_THE_QUEUE.has(table))) this.queueStale = true
  }

  /** Marks the queue as stale, because other jobs may be claimable now. */
  invalidateQueue(): void {
    this.queueStale = true
  }

  /** Marks the state of running jobs as stale, because workers may have written to the store. */
  invalidateNews(): void {
    this.newsStale = true
  }

  /**
   * Reads the stale parts as of `now`. Both are requested together, so that the store replies to
   * them at once. Jobs of the workflows in `missing` are omitted.
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
