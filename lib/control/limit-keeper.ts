import type { Log } from '../core/log.ts'
import type { DomainHold, DomainLimit } from '../domain/domains.ts'
import type { WorkflowDescription } from '../domain/workflow.ts'
import type { Store } from '../store/store.ts'
import { LimitedRoom, NO_LIMITS, heldUntil, limitsOfWorkflows } from './claim-limits.ts'
import type { ClaimLimits } from './claim-limits.ts'
import type { Run } from './run.ts'

/** Several workers that a domain refuses at once each prolong its pause a little. */
const NOT_WORTH_TELLING_MS = 1_000

export interface LimitDependencies {
  readonly store: Store
  readonly log: Log
  /** Most workers at once on each domain. */
  readonly domainWorkers: readonly DomainLimit[]
}

/** Knows what keeps jobs back beside the slots: the project's settings, its workflows', and the pauses that domains have asked for. */
export class LimitKeeper {
  private readonly deps: LimitDependencies
  private workflows: Pick<ClaimLimits, 'concurrency' | 'visits'> = NO_LIMITS
  /** The pauses that were not over when they were last looked at. */
  holds: readonly DomainHold[] = []
  private holdsChanged = true
  /** Whether jobs wait that a limit or a pause keeps back. */
  keepsBack = false

  constructor(deps: LimitDependencies) {
    this.deps = deps
  }

  /** What the workflows say. */
  hear(workflows: readonly WorkflowDescription[]): void {
    this.workflows = limitsOfWorkflows(workflows)
  }

  /** What has been written in the store: only a job that is refused changes pauses, and each reading of them holds up the next claim. */
  written(tables: readonly string[]): void {
    this.holdsChanged ||= tables.includes('domain_holds')
  }

  limits(proxies: ClaimLimits['proxies']): ClaimLimits {
    const { workflows, holds, deps } = this
    return { ...workflows, domains: deps.domainWorkers, holds, proxies }
  }

  /** Reads the pauses, and which lanes of the queue are open; undefined when all are, as they are for most. */
  async openLanes(
    proxies: ClaimLimits['proxies'],
    runs: readonly Run[],
    now: number,
  ): Promise<string[] | undefined> {
    if (this.holdsChanged) {
      this.holdsChanged = false
      const before = this.holds
      this.holds = await this.readHolds()
      this.tellOf(before, now)
    }
    this.holds = this.holds.filter(({ until }) => until > now)
    const limits = this.limits(proxies)
    const room = new LimitedRoom(limits, runs)
    this.keepsBack = false
    if (!room.inUse && this.holds.length === 0) return undefined
    const lanes = await this.deps.store.call('jobs.lanes', {})
    const open = lanes.filter(lane => heldUntil(lane, limits) <= now && !room.isFull(lane))
    this.keepsBack = open.length < lanes.length
    return open.map(({ lane }) => lane)
  }

  /** What was prolonged by the answers to what had been asked before is not told again. */
  private tellOf(before: readonly DomainHold[], now: number): void {
    for (const hold of this.holds) {
      const known = before.find(({ domain }) => domain === hold.domain)
      if (known !== undefined && hold.until - known.until < NOT_WORTH_TELLING_MS) continue
      const seconds = Math.ceil((hold.until - now) / 1_000)
      this.deps.log.warn(
        `${hold.domain} asks to wait ${seconds} s (${hold.status}): no job that goes there is started before.`,
      )
    }
  }

  private async readHolds(): Promise<readonly DomainHold[]> {
    try {
      return await this.deps.store.call('domains.holds', {})
    } catch (error) {
      this.holdsChanged = true
      throw error
    }
  }
}
