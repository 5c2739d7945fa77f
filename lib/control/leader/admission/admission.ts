import type { Log } from '../../../core/log.ts'
import { MAX_PAUSES, MIN_PROLONGED_MS } from '../../../model/job/domains.ts'
import type { DomainPause, DomainLimit } from '../../../model/job/domains.ts'
import type { WorkflowDescription } from '../../../model/job/workflow.ts'
import type { Store } from '../../../store/store.ts'
import { Capacity, NO_LIMITS, pausedUntil, limitsOfWorkflows } from '../../decide/concurrency.ts'
import type { ClaimLimits } from '../../decide/concurrency.ts'
import type { AttemptView } from '../../decide/attempt-view.ts'

/** More pauses that begin at once are logged in one line. */
const MAX_LINES = 5

export interface AdmissionDependencies {
  readonly store: Store
  readonly log: Log
  /** Most workers at once on each domain. */
  readonly domainWorkers: readonly DomainLimit[]
}

/** Knows what keeps jobs back beside the slots: the project's settings, its workflows', and the pauses that domains have asked for. */
export class AdmissionControl {
  private readonly deps: AdmissionDependencies
  private workflows: Pick<ClaimLimits, 'concurrency' | 'visits'> = NO_LIMITS
  /** The pauses that were not over when they were last looked at. */
  holds: readonly DomainPause[] = []
  private holdsChanged = true
  /** Whether jobs wait that a limit or a pause keeps back. */
  keepsBack = false
  /** Workflows of which jobs wait, as far as they were asked for. */
  waiting: ReadonlySet<string> = new Set()

  constructor(deps: AdmissionDependencies) {
    this.deps = deps
  }

  /** What the workflows say. */
  useWorkflows(workflows: readonly WorkflowDescription[]): void {
    this.workflows = limitsOfWorkflows(workflows)
  }

  /** What has been written in the store: only a job that is refused changes pauses, and each reading of them holds up the next claim. */
  written(tables: readonly string[]): void {
    this.holdsChanged ||= tables.includes('domain_pauses')
  }

  /** Jobs of these workflows wait, too. */
  expect(workflows: readonly string[]): void {
    this.waiting = new Set([...this.waiting, ...workflows])
  }

  limits(proxies: ClaimLimits['proxies']): ClaimLimits {
    const { workflows, holds, deps } = this
    return { ...workflows, domains: deps.domainWorkers, holds, proxies }
  }

  /** Reads the pauses, and which lanes of the queue are open; undefined when all are, as they are for most. Those of the workflows that are `missing` are not, whatever the limits are. */
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
    // Each new list is indexed by domain.
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

  /** Logs the pauses that are new, and those that were prolonged by more than late answers do. */
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
          `${hold.domain} asks to wait ${seconds(hold)} s (${hold.status}): no job that goes there is started before.`,
        )
    else {
      const some = fresh.slice(0, MAX_LINES).map(({ domain }) => domain)
      const longest = Math.max(...fresh.map(seconds))
      log.warn(
        `${fresh.length} domains ask to wait, up to ${longest} s: ${some.join(', ')} and ${fresh.length - some.length} more. No job that goes there is started before.`,
      )
    }
    if (this.holds.length >= MAX_PAUSES && before.length < MAX_PAUSES)
      log.warn(
        `${MAX_PAUSES} domains ask to wait at once, and the pauses of more are not noted. "automate-tui db rows domain_pauses" lists the domains: look for a page that loads addresses which it invents.`,
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
