import { AutomateError } from '../../core/errors/errors.ts'
import type { SiteLogin } from '../../model/worker/worker-secrets.ts'
import type { LaunchProfile } from '../../model/worker/documents.ts'
import type { Outcome } from '../../model/job/outcome.ts'
import type { WorkflowDescription } from '../../model/job/workflow.ts'
import type { ClaimLimits } from '../decide/concurrency.ts'
import { buildSpec } from '../machine/workers/worker-spec.ts'
import type { WorkerSpec } from '../machine/workers/worker-spec.ts'
import type { AttemptMember } from '../machine/workers/attempt.ts'
import type { Wait } from '../leader/admission/proxy-list.ts'
import { ProxyPool } from '../leader/admission/proxy-pool.ts'
import type { PoolDependencies as ProxyPoolDependencies, ProxyJob } from '../leader/admission/proxy-pool.ts'
import type { AttemptView } from '../decide/attempt-view.ts'

export interface ProvisionerDependencies extends ProxyPoolDependencies {
  readonly launch: LaunchProfile
  /** The project's credentials for sites. */
  readonly sites: readonly SiteLogin[]
}

/** Result of a request for the resources of a job's workers. */
export type Provision =
  /**
   * One spec for each worker. There are fewer specs than requested workers if the proxies have no
   * room for more. The proxies count as in use until `begin` or `release` is called.
   */
  | { readonly type: 'ready'; readonly specs: readonly WorkerSpec[] }
  | Wait
  /** The project lacks something that the job requires, so waiting does not help. */
  | { readonly type: 'refuse'; readonly error: AutomateError }

/** Provides the workers of a job with proxies and with credentials for sites. */
export class Provisioner {
  private readonly deps: ProvisionerDependencies
  private readonly proxies: ProxyPool

  constructor(deps: ProvisionerDependencies) {
    this.deps = deps
    this.proxies = new ProxyPool(deps)
  }

  /**
   * True if a job may have to wait for a proxy, so that it must be provisioned before the claim.
   */
  get mayWait(): boolean {
    return this.deps.proxies.configured
  }

  /**
   * Returns the capacity of the proxies, and the workflows that use them; null if nothing limits
   * them.
   */
  capacity(workflows: Iterable<WorkflowDescription>): ClaimLimits['proxies'] {
    const { capacity } = this.proxies
    if (capacity === null) return null
    const concerned = [...workflows].filter(one => this.proxies.concerns(one, { proxy: null }))
    return { ...capacity, workflows: new Set(concerned.map(({ name }) => name)) }
  }

  async provision(job: ProxyJob, workflow: WorkflowDescription, count: number): Promise<Provision> {
    const sites = this.sitesOf(workflow)
    const missing = workflow.credentials?.find(origin => !sites.some(site => site.origin === origin))
    if (missing !== undefined) return { type: 'refuse', error: credentialsMissing(workflow, missing) }
    const way = await this.proxies.take(job, workflow, count)
    if (way.type === 'wait' || way.type === 'refuse') return way
    const proxies = way.type === 'direct' ? Array.from({ length: count }, () => null) : way.proxies
    return { type: 'ready', specs: proxies.map(proxy => buildSpec(this.deps.launch, sites, proxy)) }
  }

  /** Records that workers have started with the proxies of these specs. */
  async begin(specs: readonly WorkerSpec[]): Promise<void> {
    for (const { proxy } of specs) if (proxy !== null) await this.proxies.use(proxy)
  }

  /** Releases the proxies of a provision that no worker received. */
  release(provision: Provision | undefined): void {
    if (provision?.type !== 'ready') return
    for (const { proxy } of provision.specs) if (proxy !== null) this.proxies.release(proxy)
  }

  /** Records the end of a worker for its proxy. Never rejects. */
  async ended({ assignment: { proxy } }: AttemptMember, outcome: Outcome): Promise<void> {
    if (proxy !== null) await this.proxies.ended(proxy, outcome)
  }

  /** Returns the proxies that have failed for a job, and whether another one remains. */
  remaining(job: ProxyJob, members: readonly AttemptMember[]): Promise<NonNullable<AttemptView['proxies']>> {
    return this.proxies.remaining(job, members)
  }

  /** Ignores later lists of proxies. */
  close(): void {
    this.proxies.close()
  }

  /**
   * Returns the launch key that a job of a workflow is expected to need. If there are several
   * proxies, the proxy is chosen at claim time, so before the claim no existing worker matches the
   * key.
   */
  plannedKey(workflow: WorkflowDescription): string {
    const sites = this.sitesOf(workflow)
    if (!this.proxies.concerns(workflow, { proxy: null })) return buildSpec(this.deps.launch, sites, null).key
    const { only } = this.proxies
    return only === undefined ? 'by its proxy' : buildSpec(this.deps.launch, sites, only).key
  }

  private sitesOf({ credentials }: WorkflowDescription): SiteLogin[] {
    return this.deps.sites.filter(({ origin }) => credentials?.includes(origin) ?? true)
  }
}

function credentialsMissing({ name }: Pick<WorkflowDescription, 'name'>, origin: string): AutomateError {
  return new AutomateError(
    'config-invalid',
    `Workflow "${name}" needs credentials for ${origin}, but "credentials" in automate.config.ts has none. Add them, then retry the job.`,
  )
}
