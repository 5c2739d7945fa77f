import { Capacity, NO_LIMITS } from '../../lib/control/decide/concurrency.ts'
import type { ClaimLimits } from '../../lib/control/decide/concurrency.ts'
import type { AttemptView } from '../../lib/control/decide/attempt-view.ts'
import type { Job, JobSummary } from '../../lib/model/job/job.ts'

/**
 * Two domains with a limit each, and any job may belong to both. Two are enough to show how limits
 * interact.
 */
export const SIMULATED_DOMAINS = ['a', 'b'] as const

/** Returns random limits for a history, often none. */
export function drawLimits(random: () => number): ClaimLimits {
  if (random() < 0.5) return NO_LIMITS
  const upTo = (n: number) => Math.floor(random() * n)
  return {
    ...NO_LIMITS,
    concurrency: new Map(random() < 0.5 ? [['process', 1 + upTo(2)]] : []),
    domains: SIMULATED_DOMAINS.map(domain => ({ domain, workers: 1 + upTo(3) })),
    holds: [],
  }
}

const laneOf = ({ workflow, domains }: Pick<Job, 'workflow' | 'domains'>) => `${workflow} ${domains.join()}`

/**
 * Returns the store's view of the queue: the first jobs of each lane that is not full, as
 * `jobs.lanes` and `jobs.claimable` do.
 */
export function openLanes(
  due: readonly JobSummary[],
  limits: ClaimLimits,
  runs: readonly AttemptView[],
  { now, each }: { readonly now: number; readonly each: number },
): JobSummary[] {
  const room = new Capacity(limits, runs)
  if (!room.inUse && limits.holds.length === 0) return due.slice(0, each)
  const seen = new Map<string, number>()
  return due.filter(job => {
    if (isHeld(job, limits, now) || room.isFull(job)) return false
    const before = seen.get(laneOf(job)) ?? 0
    seen.set(laneOf(job), before + 1)
    return before < each
  })
}

const isHeld = ({ domains }: Pick<Job, 'domains'>, { holds }: ClaimLimits, now: number) =>
  holds.some(({ domain, until }) => domains.includes(domain) && until > now)

const livingOf = (run: AttemptView) => run.members.filter(({ outcome }) => outcome === null).length

/** Checks the rules of limits with a plain count. */
export function checkLimits(limits: ClaimLimits, runs: readonly AttemptView[]): void {
  const counts = new PlainCounts(limits, runs)
  for (const [key, most] of counts.most) {
    const used = counts.used(key)
    if (used > most) throw new Error(`${used} at once of ${key}, not ${most}`)
  }
}

/** Counts the use of each limit, as an independent check of `Capacity`. */
export class PlainCounts {
  readonly most: ReadonlyMap<string, number>
  private readonly limits: ClaimLimits
  private readonly counts = new Map<string, number>()
  /**
   * Limits that the skipped jobs wait for. Each job is judged once, by the remaining capacity at
   * its place in the line.
   */
  private readonly awaited = new Set<string>()
  private readonly judged = new Set<number>()

  constructor(limits: ClaimLimits, runs: readonly AttemptView[]) {
    this.limits = limits
    this.most = new Map([
      ...[...limits.concurrency].map(([workflow, most]) => [`jobs of ${workflow}`, most] as const),
      ...limits.domains.map(({ domain, workers }) => [`workers on ${domain}`, workers] as const),
    ])
    for (const run of runs) if (livingOf(run) > 0) this.add(run.job, livingOf(run))
  }

  used(key: string): number {
    return this.counts.get(key) ?? 0
  }

  add(job: Queued, workers: number): void {
    for (const key of this.keysOf(job)) this.counts.set(key, this.used(key) + amountOf(key, workers))
  }

  /**
   * Checks that a claim does not starve the skipped jobs ahead of it in the line.
   * @throws if the job must not be claimed.
   */
  mustNotStarve(
    ahead: readonly Queued[],
    job: Queued,
    workersOf: (job: Queued) => number,
    now: number,
  ): void {
    if (isHeld(job, this.limits, now))
      throw new Error(`job ${job.id} goes to a domain that asked for a pause`)
    for (const one of ahead) {
      if (this.judged.has(one.id)) continue
      this.judged.add(one.id)
      if (isHeld(one, this.limits, now)) continue
      const keys = this.keysOf(one)
      const lacking = keys.filter(
        key => this.used(key) + amountOf(key, workersOf(one)) > (this.most.get(key) ?? 0),
      )
      for (const key of lacking) this.awaited.add(key)
      if (keys.every(key => !this.awaited.has(key)))
        throw new Error(`job ${job.id} went before job ${one.id}: that starves`)
    }
    const taken = this.keysOf(job).find(key => this.awaited.has(key))
    if (taken !== undefined) throw new Error(`job ${job.id} takes of ${taken} what another waits for`)
  }

  private keysOf({ workflow, domains }: Queued): string[] {
    const keys = [`jobs of ${workflow}`, ...domains.map(domain => `workers on ${domain}`)]
    return keys.filter(key => this.most.has(key))
  }
}

type Queued = Pick<Job, 'id' | 'workflow' | 'domains' | 'workers'>

const amountOf = (key: string, workers: number) => (key.startsWith('jobs of') ? 1 : workers)
