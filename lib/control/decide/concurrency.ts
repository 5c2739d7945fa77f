import { isSubdomain, pausesOn } from '../../model/job/domains.ts'
import type { DomainPause, DomainLimit } from '../../model/job/domains.ts'
import type { JobSummary } from '../../model/job/job.ts'
import type { WorkflowDescription } from '../../model/job/workflow.ts'
import type { ProxyRoom } from './choose-proxies.ts'
import type { MemberView } from './attempt-view.ts'

/** Limits on the jobs that run at once, besides the slots. */
export interface ClaimLimits {
  /** Maximum number of jobs at once, by workflow. */
  readonly concurrency: ReadonlyMap<string, number>
  readonly domains: readonly DomainLimit[]
  readonly holds: readonly DomainPause[]
  /** Domains that all jobs of a workflow visit, by workflow. */
  readonly visits: ReadonlyMap<string, readonly string[]>
  /**
   * Capacity of all proxies together, and the workflows that use proxies; null if nothing limits
   * them.
   */
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

/** A running job and its workers. */
export interface JobInUse {
  readonly job: LimitedJob
  readonly members: readonly Pick<MemberView, 'outcome' | 'domain'>[]
}

/**
 * One limit that applies to a job. `key` names the limit; `most` is the number of jobs or workers
 * that it allows at once.
 */
interface Limit {
  readonly key: string
  /**
   * Kind of the limit. `name` is the workflow or the domain, and empty for `proxies`. The limit for
   * the domain `*` applies to each domain without a limit of its own, under the name of that
   * domain.
   */
  readonly of: 'workflow' | 'domain' | 'proxies'
  readonly name: string
  readonly most: number
  readonly counts: 'jobs' | 'workers'
}

/**
 * A limit that has no room for a job. `used` is the number of jobs or workers that count towards it
 * now.
 */
export interface Shortfall extends Pick<Limit, 'of' | 'name' | 'most'> {
  readonly used: number
}

/** Returns the limits that the workflows define. */
export function limitsOfWorkflows(
  workflows: readonly WorkflowDescription[],
): Pick<ClaimLimits, 'concurrency' | 'visits'> {
  return {
    concurrency: new Map(
      workflows.flatMap(({ name, concurrency }) => (concurrency === undefined ? [] : [[name, concurrency]])),
    ),
    visits: new Map(
      workflows.flatMap(({ name, domains }) => (domains === undefined ? [] : [[name, domains.names]])),
    ),
  }
}

/**
 * Returns the number of workers that a job gets. This is the number that it asks for, limited by
 * the slots, its domains and the proxies.
 */
export function workersOf(job: LimitedJob, slots: number, limits: ClaimLimits): number {
  const most = limitsOf(job, limits).flatMap(limit => (limit.counts === 'workers' ? [limit.most] : []))
  return Math.min(job.workers, slots, ...most)
}

/** Returns the domains of a job's workflow and of the job itself. */
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
    ...(concurrency === undefined ? [] : [limit('workflow', job.workflow, concurrency, 'jobs')]),
    ...domainsOf(job, limits).flatMap(domain => domainLimit(domain, limits) ?? []),
    ...(proxies?.workflows.has(job.workflow) === true
      ? [limit('proxies', '', proxies.workers, 'workers')]
      : []),
  ]
  return [...new Map(all.map(one => [one.key, one])).values()]
}

const limit = (of: Limit['of'], name: string, most: number, counts: Limit['counts']): Limit => ({
  key: `${of} ${name}`,
  ...{ of, name, most, counts },
})

/** Returns the narrowest limit that covers a domain; undefined if there is none. */
function domainLimit(domain: string, { domains }: ClaimLimits): Limit | undefined {
  const [own] = domains
    .filter(one => isSubdomain(domain, one.domain))
    .sort((a, b) => b.domain.length - a.domain.length)
  if (own !== undefined) return limit('domain', own.domain, own.workers, 'workers')
  const other = domains.find(one => one.domain === '*')
  return other === undefined ? undefined : limit('domain', domain, other.workers, 'workers')
}

/**
 * Returns the epoch ms until which a job must wait because one of its domains has asked for a
 * pause; 0 if none has.
 */
export function pausedUntil(job: Omit<LimitedJob, 'workers'>, limits: ClaimLimits): number {
  return Math.max(0, ...pausesOf(job, limits).map(({ until }) => until))
}

/** Returns the pauses that the job's domains have asked for. */
export function pausesOf(job: Omit<LimitedJob, 'workers'>, limits: ClaimLimits): DomainPause[] {
  const domains = domainsOf(job, limits)
  return pausesOn(domains, limits.holds)
}

/** Tracks the remaining room under the limits while jobs are claimed one after the other. */
export class Capacity {
  private readonly limits: ClaimLimits
  private readonly used = new Map<string, number>()
  /**
   * Limits that a job waits for. A later job under one of these limits must wait behind that job.
   */
  private readonly awaited = new Set<string>()

  constructor(limits: ClaimLimits, runs: readonly JobInUse[]) {
    this.limits = limits
    for (const { job, members } of runs) {
      const living = members.filter(({ outcome }) => outcome === null)
      if (living.length === 0) continue
      this.take(job, living.length)
      this.takeSeen(job, living)
    }
  }

  /**
   * Returns true if a job fits. If it does not, reserves the limits that have no room for it, so
   * that later jobs under these limits wait behind it.
   */
  admits(job: LimitedJob, workers: number): boolean {
    for (const { key } of this.lacking(job, workers)) this.awaited.add(key)
    return limitsOf(job, this.limits).every(({ key }) => !this.awaited.has(key))
  }

  /**
   * Returns the limits that have no room for a job now, without regard to jobs ahead of it in the
   * queue.
   */
  lacks(job: LimitedJob, workers: number): Shortfall[] {
    return this.lacking(job, workers).map(one => ({ ...one, used: this.usedOf(one) }))
  }

  private lacking(job: LimitedJob, workers: number): Limit[] {
    return limitsOf(job, this.limits).filter(one => this.usedOf(one) + amountOf(one, workers) > one.most)
  }

  take(job: LimitedJob, workers: number): void {
    for (const one of limitsOf(job, this.limits)) this.add(one, amountOf(one, workers))
  }

  /** True if any limit counts a job or a worker now. */
  get inUse(): boolean {
    return this.used.size > 0
  }

  /** True if a limit is reached, so that no job like this can be claimed now. */
  isFull(job: Omit<LimitedJob, 'workers'>): boolean {
    return limitsOf(job, this.limits).some(one => this.usedOf(one) >= one.most)
  }

  /** Counts the workers whose pages are on domains that neither the workflow nor the job named. */
  private takeSeen(job: LimitedJob, living: JobInUse['members']): void {
    const named = new Set(domainsOf(job, this.limits).map(domain => domainLimit(domain, this.limits)?.key))
    for (const { domain } of living) {
      const seen = domain === null ? undefined : domainLimit(domain, this.limits)
      if (seen !== undefined && !named.has(seen.key)) this.add(seen, 1)
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
