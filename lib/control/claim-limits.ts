import { belongsTo } from '../domain/domains.ts'
import type { DomainHold, DomainLimit } from '../domain/domains.ts'
import type { JobSummary } from '../domain/job.ts'
import type { ProxyRoom } from './proxies/choose-proxies.ts'
import type { Run } from './run.ts'

/** What of the jobs may run at once, beside the slots. */
export interface ClaimLimits {
  /** By workflow: most jobs of it at once. */
  readonly concurrency: ReadonlyMap<string, number>
  readonly domains: readonly DomainLimit[]
  readonly holds: readonly DomainHold[]
  /** By workflow: the domains that every job of it visits. */
  readonly visits: ReadonlyMap<string, readonly string[]>
  /** What all proxies together can take, and the workflows that go through them; null where nothing limits that. */
  readonly proxies: (ProxyRoom & { readonly workflows: ReadonlySet<string> }) | null
}

export const NO_LIMITS: ClaimLimits = {
  concurrency: new Map(),
  domains: [],
  holds: [],
  visits: new Map(),
  proxies: null,
}

type LimitedJob = Pick<JobSummary, 'workflow' | 'workers' | 'domains'>

/** One limit that a job comes under. `key` names it, `most` is what it allows at once, of jobs or of workers. */
interface Limit {
  readonly key: string
  readonly most: number
  readonly counts: 'jobs' | 'workers'
}

/** How many workers a job gets: what it asks for, but never more than there are slots, or than a domain or the proxies allow. */
export function workersOf(job: LimitedJob, slots: number, limits: ClaimLimits): number {
  const most = limitsOf(job, limits).flatMap(limit => (limit.counts === 'workers' ? [limit.most] : []))
  return Math.min(job.workers, slots, ...most)
}

/** The domains of a job: those that its workflow names, and its own. */
export function domainsOf(
  { workflow, domains }: Omit<LimitedJob, 'workers'>,
  { visits }: ClaimLimits,
): string[] {
  return [...new Set([...(visits.get(workflow) ?? []), ...domains])]
}

function limitsOf(job: Omit<LimitedJob, 'workers'>, limits: ClaimLimits): Limit[] {
  const concurrency = limits.concurrency.get(job.workflow)
  const { proxies } = limits
  const all: Limit[] = [
    ...(concurrency === undefined
      ? []
      : [{ key: `workflow ${job.workflow}`, most: concurrency, counts: 'jobs' as const }]),
    ...domainsOf(job, limits).flatMap(domain => domainLimit(domain, limits) ?? []),
    ...(proxies?.workflows.has(job.workflow) === true
      ? [{ key: 'proxies', most: proxies.workers, counts: 'workers' as const }]
      : []),
  ]
  return [...new Map(all.map(limit => [limit.key, limit])).values()]
}

/** The narrowest limit that covers a domain. */
function domainLimit(domain: string, { domains }: ClaimLimits): Limit | undefined {
  const [own] = domains
    .filter(limit => belongsTo(domain, limit.domain))
    .sort((a, b) => b.domain.length - a.domain.length)
  if (own !== undefined) return { key: `domain ${own.domain}`, most: own.workers, counts: 'workers' }
  const other = domains.find(limit => limit.domain === '*')
  return other === undefined ? undefined : { key: `domain ${domain}`, most: other.workers, counts: 'workers' }
}

/** Until when a job has to wait because one of its domains has asked for a pause; 0 for not at all. */
export function heldUntil(job: Omit<LimitedJob, 'workers'>, limits: ClaimLimits): number {
  const domains = domainsOf(job, limits)
  const holds = limits.holds.filter(hold => domains.some(domain => belongsTo(domain, hold.domain)))
  return Math.max(0, ...holds.map(({ until }) => until))
}

/** What the limits leave for more jobs, as they are taken one after the other. */
export class LimitedRoom {
  private readonly limits: ClaimLimits
  private readonly used = new Map<string, number>()
  /** Limits that a job waits for: none behind it that comes under the same one passes it. */
  private readonly awaited = new Set<string>()

  constructor(limits: ClaimLimits, runs: readonly Run[]) {
    this.limits = limits
    for (const { job, members } of runs) {
      const living = members.filter(({ outcome }) => outcome === null)
      if (living.length === 0) continue
      this.take(job, living.length)
      this.takeSeen(job, living)
    }
  }

  /** Whether a job fits; where it does not, what it lacks is kept for it. */
  admits(job: LimitedJob, workers: number): boolean {
    const all = limitsOf(job, this.limits)
    const lacking = all.filter(limit => this.usedOf(limit) + amountOf(limit, workers) > limit.most)
    for (const { key } of lacking) this.awaited.add(key)
    return all.every(({ key }) => !this.awaited.has(key))
  }

  take(job: LimitedJob, workers: number): void {
    for (const limit of limitsOf(job, this.limits)) this.add(limit, amountOf(limit, workers))
  }

  /** Whether any limit counts anything now. */
  get inUse(): boolean {
    return this.used.size > 0
  }

  /** Whether a limit is reached, so that no job like this can be claimed now. */
  isFull(job: Omit<LimitedJob, 'workers'>): boolean {
    return limitsOf(job, this.limits).some(limit => this.usedOf(limit) >= limit.most)
  }

  /** Workers are on domains that nobody had named. */
  private takeSeen(job: LimitedJob, living: Run['members']): void {
    const named = new Set(domainsOf(job, this.limits).map(domain => domainLimit(domain, this.limits)?.key))
    for (const { domain } of living) {
      const limit = domain === null ? undefined : domainLimit(domain, this.limits)
      if (limit !== undefined && !named.has(limit.key)) this.add(limit, 1)
    }
  }

  private usedOf({ key }: Limit): number {
    return this.used.get(key) ?? 0
  }

  private add(limit: Limit, amount: number): void {
    this.used.set(limit.key, this.usedOf(limit) + amount)
  }
}

const amountOf = ({ counts }: Limit, workers: number): number => (counts === 'jobs' ? 1 : workers)
