import type { Clock } from '../../core/clock.ts'
import { AutomateError, messageOf } from '../../core/errors.ts'
import type { Json } from '../../core/errors.ts'
import type { Log } from '../../core/log.ts'
import { knownSecrets } from '../../core/secrets/known-secrets.ts'
import type { Job } from '../../domain/job.ts'
import type { Outcome } from '../../domain/outcome.ts'
import type { Proxy } from '../../domain/proxy-address.ts'
import { faultIn, unusedProxy } from '../../domain/proxy.ts'
import type { ProxyHealth, ProxyHold, ProxyRotation } from '../../domain/proxy.ts'
import type { WorkflowDescription } from '../../domain/workflow.ts'
import type { Store } from '../../store/store.ts'
import type { LiveMember } from '../live-run.ts'
import type { Run } from '../run.ts'
import { chooseProxies, roomOf } from './choose-proxies.ts'
import type { ProxyRoom } from './choose-proxies.ts'
import { coolDownMs } from './cool-down.ts'
import type { ProxySource } from './proxy-source.ts'

/** A file that is being written is whole by then; a provider's service that is down is not asked more often. */
const READ_AGAIN_MS = 10_000

/** Longest reason that a job is given for waiting. */
const REASON_LIMIT = 400

export interface PoolDependencies {
  readonly store: Store
  readonly clock: Clock
  readonly log: Log
  readonly proxies: ProxySource
  readonly proxyRotation: ProxyRotation
  /** Most workers at once on each proxy; 0 for as many as there are. */
  readonly proxyWorkers: number
}

/** What a job's workers go out through. */
export type Way =
  | { readonly type: 'direct' }
  /** One proxy for each worker. */
  | { readonly type: 'proxies'; readonly proxies: readonly Proxy[] }
  | Wait
  /** No proxy there is would do, now or later. */
  | { readonly type: 'refuse'; readonly error: AutomateError }

export interface Wait {
  readonly type: 'wait'
  readonly until: number
  readonly why: string
  /** `why` as a code. */
  readonly hold: ProxyHold
  /** What is the same for as long as it waits for the same: `why` may tell how long that lasts. */
  readonly cause: string
}

/** What of a job says which proxies it may have. */
export type ProxyJob = Pick<Job, 'id' | 'input' | 'proxy' | 'proxiesTried'>

/** Knows the proxies, who uses them, and how they do; the choice itself is `chooseProxies`. */
export class ProxyPool {
  private readonly deps: PoolDependencies
  private readonly inUse = new Map<string, number>()
  private readonly takenAt = new Map<string, number>()
  private lastTakenAt = 0
  private known: readonly Proxy[] = []
  private health: ReadonlyMap<string, ProxyHealth> = new Map()
  private trouble = ''

  constructor(deps: PoolDependencies) {
    this.deps = deps
  }

  /** The one that every job gets, as far as is known. */
  get only(): Proxy | undefined {
    return this.known.length === 1 ? this.known[0] : undefined
  }

  /** How many workers all proxies together can take now; null where that is not limited, or they have not been read yet. */
  get room(): ProxyRoom | null {
    const { proxyWorkers, clock } = this.deps
    if (proxyWorkers === 0 || this.known.length === 0) return null
    return roomOf(this.candidates({ proxy: null, proxiesTried: [] }), proxyWorkers, clock.now())
  }

  /** Whether a job of this workflow has to ask for its way at all. */
  concerns(workflow: WorkflowDescription, job: Pick<Job, 'proxy'>): boolean {
    const use = job.proxy?.use ?? workflow.proxy.use
    return use !== 'never' && (this.deps.proxies.configured || use !== 'pool')
  }

  /**
   * Decides how the `count` workers of a job go out. A job that wants a proxy never goes out without one. What it chooses counts as in use at once, so that
   * jobs that are begun together do not all get the same: `use` it or `giveBack`.
   */
  async take(job: ProxyJob, workflow: WorkflowDescription, count: number): Promise<Way> {
    if (!this.concerns(workflow, job)) return { type: 'direct' }
    await this.read()
    await this.readHealth()
    const candidates = this.candidates(job)
    const now = this.deps.clock.now()
    if (this.known.length === 0 && this.trouble !== '') {
      const why = `waits for proxies, which could not be read: ${this.trouble}`.slice(0, REASON_LIMIT)
      const hold = { why: 'unread', trouble: this.trouble.slice(0, REASON_LIMIT) } as const
      return { type: 'wait', until: now + READ_AGAIN_MS, why, hold, cause: this.trouble }
    }
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
      const hold = { why: choice.why, proxies: candidates.length }
      return { type: 'wait', until: choice.until, why, hold, cause: choice.why }
    }
    const proxies = choice.ids.flatMap(id => candidates.find(one => one.id === id)?.address ?? [])
    for (const { id } of proxies) this.reserve(id, now)
    return { type: 'proxies', proxies }
  }

  /** A worker was given a proxy that was taken. */
  async use(id: string): Promise<void> {
    await this.deps.store.call('proxies.use', { id })
  }

  /** No worker has a proxy that was taken. */
  giveBack(id: string): void {
    this.inUse.set(id, Math.max(0, (this.inUse.get(id) ?? 0) - 1))
  }

  /** A worker that had a proxy has ended. What failed for another reason says nothing of the proxy. Never rejects. */
  async ended(id: string, outcome: Outcome): Promise<void> {
    this.giveBack(id)
    try {
      await this.judge(id, outcome)
    } catch (error) {
      this.deps.log.error(`What became of the proxy ${id} could not be stored: ${messageOf(error)}`)
    }
  }

  private async judge(id: string, outcome: Outcome): Promise<void> {
    const { store, clock, log } = this.deps
    if (outcome.status === 'succeeded') {
      // Known before it is stored: what the commit wakes goes by it.
      this.note(id, { streak: 0, coolUntil: null })
      await store.call('proxies.succeed', { id })
    }
    if (!('error' in outcome) || outcome.error.code !== 'proxy') return
    await this.readHealth()
    const streak = (this.health.get(id)?.streak ?? 0) + 1
    const pauseMs = coolDownMs(streak)
    const coolUntil = clock.now() + pauseMs
    this.note(id, { streak, coolUntil })
    const { message, facts } = outcome.error
    await store.call('proxies.fail', { id, error: message, fault: faultIn(facts), coolUntil })
    log.warn(`The proxy ${id} failed and is left alone for ${Math.round(pauseMs / 1_000)} s: ${message}`)
  }

  /** What an attempt leaves to try: the proxies that have failed for its job, and whether there is one that has not. */
  async after(job: ProxyJob, members: readonly LiveMember[]): Promise<NonNullable<Run['proxies']>> {
    const failed = members.flatMap(({ assignment: { proxy }, outcome }) =>
      proxy !== null && outcome !== null && 'error' in outcome && outcome.error.code === 'proxy'
        ? [proxy]
        : [],
    )
    const tried = [...new Set([...job.proxiesTried, ...failed])]
    if (failed.length === 0) return { tried, another: false }
    await this.read()
    const candidates = this.candidates({ ...job, proxiesTried: tried })
    return { tried, another: candidates.some(one => !one.tried) }
  }

  /** Instants that differ, so that the order of those taken in one millisecond counts as well. */
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

  /** Without a wait in it: between the look at who uses which proxy and the choice, nobody else may choose. */
  private candidates({ proxy, proxiesTried }: Pick<ProxyJob, 'proxy' | 'proxiesTried'>) {
    const wish = proxy?.use
    return this.known
      .filter(({ id, server }) => wish === undefined || wish === 'required' || wish === id || wish === server)
      .map(address => {
        const { id } = address
        const health = this.health.get(id) ?? unusedProxy(id)
        const lastUsedAt = this.takenAt.get(id) ?? health.lastUsedAt
        const inUse = this.inUse.get(id) ?? 0
        return { ...health, address, lastUsedAt, inUse, tried: proxiesTried.includes(id) }
      })
  }

  /** What was read last goes on to count while a file is being changed, or a function fails. */
  private async read(): Promise<void> {
    try {
      this.known = await this.deps.proxies.list()
      this.trouble = ''
    } catch (error) {
      const trouble = knownSecrets.redact(messageOf(error))
      if (trouble !== this.trouble) this.deps.log.error(`The proxies could not be read: ${trouble}`)
      this.trouble = trouble
    }
  }
}

const coolingOf = ({ length }: readonly unknown[], seconds: number): string =>
  `waits for a proxy: ${length === 1 ? 'its only one has' : `all ${length} have`} failed and must not be used for another ${seconds} s`

const fullOf = ({ length }: readonly unknown[]): string =>
  `waits for a proxy: ${length === 1 ? 'its only one is' : `of all ${length} those that may be used now are`} in use by as many workers as may be`

const AFTER_RESTART = 'A change of "proxies" counts when the scheduler has started again: then retry the job.'

function noProxy({ proxy }: ProxyJob): AutomateError {
  const wish = proxy?.use
  const message =
    wish === undefined || wish === 'required'
      ? `This job must go through a proxy, and the scheduler that runs has none. Set "proxies" in automate.config.ts. ${AFTER_RESTART}`
      : `The scheduler that runs has no proxy ${wish}. "automate-tui proxies" lists those that the configuration has now. ${AFTER_RESTART}`
  return new AutomateError('config-invalid', message)
}

/** The value of a field of the input, when it can be a key. */
function keyIn(input: Json, field: string | null): string | undefined {
  if (field === null || typeof input !== 'object' || input === null || Array.isArray(input)) return undefined
  const value: unknown = Object.entries(input).find(([name]) => name === field)?.[1]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}
