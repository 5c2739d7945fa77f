import { AutomateError } from '../lib/core/errors/errors.ts'
import type { WorkerSecrets } from '../lib/model/worker/worker-secrets.ts'
import { isNamed } from '../lib/model/proxy/distinct-proxies.ts'
import type { Proxy } from '../lib/model/proxy/proxy-address.ts'
import type { WorkflowDescription } from '../lib/model/job/workflow.ts'
import type { Project } from '../lib/app/project/project.ts'
import { parseProxyFlag } from './proxy-flag.ts'

export interface ProxyRoute {
  readonly proxyServer: string | null
  readonly access: WorkerSecrets
}

/**
 * Returns the proxy for a worker that runs without a scheduler: the proxy of `--proxy`, or else the
 * first of the pool if the workflow uses proxies.
 * @throws `config-invalid` if the workflow requires a proxy and there is none.
 */
export async function resolveProxyRoute(
  project: Project,
  workflow: WorkflowDescription,
  requested: string | undefined,
): Promise<ProxyRoute> {
  const sites = project.sites().filter(({ origin }) => workflow.credentials?.includes(origin) ?? true)
  const use = parseProxyFlag(requested, undefined)?.use ?? workflow.proxy.use
  if (use === 'never' || (use === 'pool' && !project.proxies.configured)) {
    return { proxyServer: null, access: { proxy: null, sites } }
  }
  const proxy = pick(await project.proxies.list(), use)
  const { server, login } = proxy
  return { proxyServer: server, access: { proxy: login === null ? null : { server, ...login }, sites } }
}

function pick(proxies: readonly Proxy[], use: string): Proxy {
  const named = use !== 'pool' && use !== 'required'
  const found = proxies.find(one => !named || isNamed(one, use))
  if (found !== undefined) return found
  const message = named
    ? `There is no proxy ${use} in "proxies". "automate-tui proxies" lists the existing ones.`
    : 'This workflow requires a proxy, but the project has none. Set "proxies" in automate.config.ts.'
  throw new AutomateError('config-invalid', message)
}
