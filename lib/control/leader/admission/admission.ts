import type { Log } from '../../../core/log.ts'
import { MAX_PAUSES, MIN_PROLONGED_MS } from '../../../model/job/domains.ts'
import type { DomainPause, DomainLimit } from '../../../model/job/domains.ts'
import type { WorkflowDescription } from '../../../model/job/workflow.ts'
import type { Store } from '../../../store/store.ts'
import { Capacity, NO_LIMITS, pausedUntil, limitsOfWorkflows } from '../../decide/concurrency.ts'
import type { ClaimLimits } from '../../decide/concurrency.ts'
import type { AttemptView } from '../../decide/attempt-view.ts'

/**
 * Maximum number of new pauses that are logged in one line each. If there are more, all share one
 * line.
 */
const MAX_LINES = 5

export interface AdmissionDependencies {
  readonly store: Store
  readonly log: Log
  /** Maximum number of workers at once on each domain. */
  readonly domainWorkers: readonly DomainLimit[]
}

/**
 * Holds the limits on jobs besides the slots. They come from the settings, from the workflows, and
 * from pauses that domains have asked for.
 */
export class AdmissionControl {
  private readonly deps: AdmissionDependencies
  private workflows: Pick<ClaimLimits, 'concurrency' | 'visits'> = NO_LIMITS
  /** Pauses that domains have asked for and that are not over, as of the last reading. */
  holds: readonly DomainPause[] = []
  private holdsChanged = true
  /** True if a limit or a pause blocks a queued job. */
  keepsBack = false
  /** Names of the workflows with queued jobs, as far as they have been read. */
  waiting: ReadonlySet<string> = new Set()

  constructor(deps: AdmissionDependencies) {
    this.deps = deps
  }

  /** Applies the limits of the workflows. */
  useWorkflows(workflows: readonly WorkflowDescription[]): void {
    this.workflows = limitsOfWorkflows(workflows)
  }

  /**
   * Called with the names of the tables that a write to the store has changed. Pauses are read
   * again only if such a write changed them, because each reading delays the next claim.
   */
  written(tables: readonly string[]): void {
    this.holdsChanged ||= tables.includes('domain_pauses')
  }

  /** Adds names of workflows that have queued jobs. */
  expect(workflows: readonly string[]): void {
    this.waiting = new Set([...this.waiting, ...workflows])
  }

  limits(proxies: ClaimLimits['proxies']): ClaimLimits {
    const { workflows, holds, deps } = this
    return { ...workflows, domains: deps.domainWorkers, holds, proxies }
  }

  /**
   * Reads the pauses, and returns the lanes of the queue from which jobs may be claimed. Returns
   * undefined if all lanes are open, which is the usual case. The lanes of the workflows in
   * `missing` are always closed.
   */
  async openLanes(
    proxies: ClaimLimits['proxies'],
    runs: readonly AttemptView[],
    now: number,
    missing: ReadonlySet<string> = new Set(),
  ): Promise<string[] | undefined> {
    if (this.holdsChanged) {
      this.holdsChanged = false
      const before = this.holds
      this.holds = await this.readHolds()
      this.logNew(before, now)
    }
    // The list is replaced only if a pause has ended, because each new list is indexed by domain.
    if (this.holds.some(({ until }) => until <= now))
      this.holds = this.holds.filter(({ until }) => until > now)
    const limits = this.limits(proxies)
    const capacity = new Capacity(limits, runs)
    this.keepsBack = false
    if (!capacity.inUse && this.holds.length === 0 && missing.size === 0) return undefined
    const all = await this.deps.store.call('jobs.lanes', {})
    this.waiting = new Set(all.map(({ workflow }) => workflow))
    const lanes = all.filter(({ workflow }) => !missing.has(workflow))
    const open = lanes.filter(lane => pausedUntil(lane, limits) <= now && !capacity.isFull(lane))
    this.keepsBack = open.length < lanes.length
    return open.map(({ lane }) => lane)
  }

  /**
   * Logs the pauses that are new, and those that were prolonged by more than a late response can
   * cause.
   */
  private logNew(before: readonly DomainPause[], now: number): void {
    const known = new Map(before.map(({ domain, until }) => [domain, until]))
    const fresh = this.holds.filter(
      ({ domain, until }) => until - (known.get(domain) ?? 0) >= MIN_PROLONGED_MS && until > now,
    )
    const { log } = this.deps
    const seconds = (hold: DomainPause) => Math.ceil((hold.until - now) / 1_000)
    if (fresh.length <= MAX_LINES)
      for (const hold of fresh)
        log.warn(
          `${hold.domain} asks to wait ${seconds(hold)} s (${hold.status}). No job for this domain starts before then.`,
        )
    else {
      const some = fresh.slice(0, MAX_LINES).map(({ domain }) => domain)
      const longest = Math.max(...fresh.map(seconds))
      log.warn(
        `${fresh.length} domains ask to wait, up to ${longest} s: ${some.join(', ')} and ${fresh.length - some.length} more. No job for these domains starts before then.`,
      )
    }
    if (this.holds.length >= MAX_PAUSES && before.length < MAX_PAUSES)
      log.warn(
        `${MAX_PAUSES} domains ask to wait at once, so no more pauses are stored. "automate-tui db rows domain_pauses" lists the domains. Look for a page that loads random addresses.`,
      )
  }

  private async readHolds(): Promise<readonly DomainPause[]> {
    try {
      return await this.deps.store.call('domains.pauses', {})
    } catch (error) {
      this.holdsChanged = true
      throw error
    }
  }
}
