import { AutomateError, messageOf } from '../../../core/errors/errors.ts'
import type { Json } from '../../../core/errors/errors.ts'
import type { Job } from '../../../model/job/job.ts'
import type { Outcome } from '../../../model/job/outcome.ts'
import type { Proxy } from '../../../model/proxy/proxy-address.ts'
import { isNamed } from '../../../model/proxy/distinct-proxies.ts'
import { faultIn, unusedProxy } from '../../../model/proxy/proxy.ts'
import type { ProxyHealth, ProxyRotation } from '../../../model/proxy/proxy.ts'
import type { WorkflowDescription } from '../../../model/job/workflow.ts'
import type { Store } from '../../../store/store.ts'
import type { AttemptView } from '../../decide/attempt-view.ts'
import { chooseProxies, roomOf } from '../../decide/choose-proxies.ts'
import type { ProxyRoom } from '../../decide/choose-proxies.ts'
import { coolDownMs } from '../../decide/cool-down.ts'
import { ProxyList } from './proxy-list.ts'
import type { ProxyListDependencies, Wait } from './proxy-list.ts'

export interface PoolDependencies extends ProxyListDependencies {
  readonly store: Store
  readonly proxyRotation: ProxyRotation
  /** Maximum number of workers at once on each proxy; 0 for no limit. */
  readonly proxyWorkers: number
}

/** Way in which a job's workers connect to sites, directly or through proxies. */
export type Route =
  | { readonly type: 'direct' }
  /** One proxy for each worker. */
  | { readonly type: 'proxies'; readonly proxies: readonly Proxy[] }
  | Wait
  /** No proxy of the project meets the requirement of the job, so waiting does not help. */
  | { readonly type: 'refuse'; readonly error: AutomateError }

/** Fields of a job that decide which proxies it may use. */
export type ProxyJob = Pick<Job, 'id' | 'input' | 'proxy' | 'proxiesTried'>

/** Member of an attempt, with the id of its worker's proxy and, once it has ended, its outcome. */
export interface ProxiedMember {
  readonly assignment: { readonly proxy: string | null }
  readonly outcome: Outcome | null
}

/**
 * Holds the proxies, their health, and the number of workers that use each one. The choice among
 * them is made by `chooseProxies`.
 */
export class ProxyPool {
  private readonly deps: PoolDependencies
  private readonly list: ProxyList
  private readonly inUse = new Map<string, number>()
  private readonly takenAt = new Map<string, number>()
  private lastTakenAt = 0
  private health: ReadonlyMap<string, ProxyHealth> = new Map()

  constructor(deps: PoolDependencies) {
    this.deps = deps
    this.list = new ProxyList(deps)
  }

  /** The only proxy; undefined unless exactly one is known. */
  get only(): Proxy | undefined {
    const { known } = this.list
    return known.length === 1 ? known[0] : undefined
  }

  /**
   * Capacity of all proxies together; null if it is not limited, or if the list of proxies has not
   * been read yet.
   */
  get capacity(): ProxyRoom | null {
    const { proxyWorkers, clock } = this.deps
    if (proxyWorkers === 0 || this.list.known.length === 0) return null
    return roomOf(this.candidates({ proxy: null, proxiesTried: [] }), proxyWorkers, clock.now())
  }

  /** True if a job of this workflow may need a proxy. */
  concerns(workflow: WorkflowDescription, job: Pick<Job, 'proxy'>): boolean {
    const use = job.proxy?.use ?? workflow.proxy.use
    return use !== 'never' && (this.deps.proxies.configured || use !== 'pool')
  }

  /**
   * Chooses the route of a job's `count` workers. A job that requires a proxy never runs without
   * one. The chosen proxies count as in use at once, so that jobs that start together do not all
   * get the same one. Call `use` or `release` for each of them.
   */
  async take(job: ProxyJob, workflow: WorkflowDescription, count: number): Promise<Route> {
    if (!this.concerns(workflow, job)) return { type: 'direct' }
    await this.list.refresh()
    await this.readHealth()
    const { wait } = this.list
    if (wait !== undefined) return wait
    const candidates = this.candidates(job)
    const now = this.deps.clock.now()
    if (candidates.length === 0) return { type: 'refuse', error: noProxy(job) }
    const choice = chooseProxies(
      candidates,
      {
        rotation: workflow.proxy.rotation ?? this.deps.proxyRotation,
        key: job.proxy?.key ?? keyIn(job.input, workflow.proxy.stickyBy) ?? workflow.name,
        count,
        most: this.deps.proxyWorkers === 0 ? null : this.deps.proxyWorkers,
      },
      now,
    )
    if (choice.type === 'wait') {
      const seconds = Math.ceil((choice.until - now) / 1_000)
      const why = choice.why === 'full' ? fullOf(candidates) : coolingOf(candidates, seconds)
      const reason = { why: choice.why, proxies: candidates.length }
      return { type: 'wait', until: choice.until, why, reason, cause: choice.why }
    }
    const proxies = choice.ids.flatMap(id => candidates.find(one => one.id === id)?.address ?? [])
    for (const { id } of proxies) this.reserve(id, now)
    return { type: 'proxies', proxies }
  }

  /** Stores in the proxy's record that a worker received the reserved proxy. */
  async use(id: string): Promise<void> {
    await this.deps.store.call('proxies.use', { id })
  }

  /** Releases a reserved proxy that no worker uses. */
  release(id: string): void {
    this.inUse.set(id, Math.max(0, (this.inUse.get(id) ?? 0) - 1))
  }

  /**
   * Records the end of a worker that used a proxy. A failure with another error code than `proxy`
   * does not count against the proxy. Never rejects.
   */
  async ended(id: string, outcome: Outcome): Promise<void> {
    this.release(id)
    try {
      await this.judge(id, outcome)
    } catch (error) {
      this.deps.log.error(`The result of the proxy ${id} could not be stored: ${messageOf(error)}`)
    }
  }

  private async judge(id: string, outcome: Outcome): Promise<void> {
    const { store, clock, log } = this.deps
    if (outcome.status === 'succeeded') {
      // Updated before the write to the store, because the commit wakes code that reads it.
      this.note(id, { streak: 0, coolUntil: null })
      await store.call('proxies.succeed', { id })
    }
    if (!('error' in outcome) || outcome.error.code !== 'proxy') return
    await this.readHealth()
    const before = this.health.get(id) ?? unusedProxy(id)
    // While the proxy is paused, a failure is not counted again, because the worker began before
    // the pause and all failures of one incident count as one.
    const pausedUntil = (before.coolUntil ?? 0) > clock.now() ? before.coolUntil : null
    const streak = pausedUntil === null ? before.streak + 1 : Math.max(1, before.streak)
    const pauseMs = coolDownMs(streak)
    const coolUntil = pausedUntil ?? clock.now() + pauseMs
    this.note(id, { streak, coolUntil })
    const { message, facts } = outcome.error
    await store.call('proxies.fail', { id, error: message, fault: faultIn(facts), streak, coolUntil })
    if (pausedUntil !== null) return
    log.warn(`The proxy ${id} failed and is not used for ${Math.round(pauseMs / 1_000)} s: ${message}`)
  }

  /**
   * Returns the proxies that have failed for the job of an attempt, and whether another one
   * remains.
   */
  async remaining(
    job: ProxyJob,
    members: readonly ProxiedMember[],
  ): Promise<NonNullable<AttemptView['proxies']>> {
    const failed = members.flatMap(({ assignment: { proxy }, outcome }) =>
      proxy !== null && outcome !== null && 'error' in outcome && outcome.error.code === 'proxy'
        ? [proxy]
        : [],
    )
    const tried = [...new Set([...job.proxiesTried, ...failed])]
    if (failed.length === 0) return { tried, another: false }
    await this.list.refresh()
    const candidates = this.candidates({ ...job, proxiesTried: tried })
    return { tried, another: candidates.some(one => !one.tried) }
  }

  /**
   * Reserves `id` with a unique timestamp, so that reservations within one millisecond keep their
   * order.
   */
  private reserve(id: string, now: number): void {
    this.lastTakenAt = Math.max(now, this.lastTakenAt + 1)
    this.takenAt.set(id, this.lastTakenAt)
    this.inUse.set(id, (this.inUse.get(id) ?? 0) + 1)
  }

  private async readHealth(): Promise<void> {
    this.health = new Map((await this.deps.store.call('proxies.list', {})).map(one => [one.id, one]))
  }

  private note(id: string, change: Pick<ProxyHealth, 'streak' | 'coolUntil'>): void {
    const before = this.health.get(id) ?? unusedProxy(id)
    this.health = new Map([...this.health, [id, { ...before, ...change }]])
  }

  /**
   * Returns the proxies that a job may use. Synchronous, so that no other job can choose a proxy
   * between this call and the choice.
   */
  private candidates({ proxy, proxiesTried }: Pick<ProxyJob, 'proxy' | 'proxiesTried'>) {
    const requirement = proxy?.use
    return this.list.known
      .filter(one => requirement === undefined || requirement === 'required' || isNamed(one, requirement))
      .map(address => {
        const { id } = address
        const health = this.health.get(id) ?? unusedProxy(id)
        const lastUsedAt = this.takenAt.get(id) ?? health.lastUsedAt
        const inUse = this.inUse.get(id) ?? 0
        return { ...health, address, lastUsedAt, inUse, tried: proxiesTried.includes(id) }
      })
  }

  /** Ignores lists of proxies that arrive later. */
  close(): void {
    this.list.close()
  }
}

const coolingOf = ({ length }: readonly unknown[], seconds: number): string =>
  `waits for a proxy, because ${length === 1 ? 'its only proxy has' : `all ${length} proxies have`} failed and cannot be used for another ${seconds} s`

const fullOf = ({ length }: readonly unknown[]): string =>
  `waits for a proxy, because ${length === 1 ? 'its only proxy has' : `the usable proxies of all ${length} have`} as many workers as allowed`

const AFTER_RESTART =
  'A change of "proxies" takes effect after a restart of the scheduler. Then retry the job.'

function noProxy({ proxy }: ProxyJob): AutomateError {
  const requirement = proxy?.use
  const message =
    requirement === undefined || requirement === 'required'
      ? `This job requires a proxy, but the running scheduler has none. Set "proxies" in automate.config.ts. ${AFTER_RESTART}`
      : `The running scheduler has no proxy ${requirement}. "automate-tui proxies" lists the proxies of the present configuration. ${AFTER_RESTART}`
  return new AutomateError('config-invalid', message)
}

/**
 * Returns the value of the input's field as a key, or undefined if it is not a string or a number.
 */
function keyIn(input: Json, field: string | null): string | undefined {
  if (field === null || typeof input !== 'object' || input === null || Array.isArray(input)) return undefined
  const value: unknown = Object.entries(input).find(([name]) => name === field)?.[1]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}
