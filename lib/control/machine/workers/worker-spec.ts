import { createHmac, randomBytes } from 'node:crypto'
import type { WorkerSecrets, SiteLogin } from '../../../model/worker/worker-secrets.ts'
import type { LaunchProfile } from '../../../model/worker/documents.ts'
import type { Proxy, ProxyId } from '../../../model/proxy/proxy-address.ts'
import { launchKey } from '../../decide/worker-view.ts'

/**
 * Fixed start parameters of a worker process. Another proxy or other credentials need another
 * worker.
 */
export interface WorkerSpec {
  readonly launch: LaunchProfile
  readonly proxy: ProxyId | null
  readonly access: WorkerSecrets
  /** Key of interchangeable workers. No secret can be read from it. */
  readonly key: string
}

/** Random key of this process, without which a short password could be guessed from its digest. */
const DIGEST_KEY = randomBytes(32)

export function buildSpec(
  launch: LaunchProfile,
  sites: readonly SiteLogin[],
  proxy: Proxy | null,
): WorkerSpec {
  const through: LaunchProfile = { ...launch, proxyServer: proxy?.server ?? null }
  const proxyLogin = proxy === null || proxy.login === null ? null : { server: proxy.server, ...proxy.login }
  const access: WorkerSecrets = { proxy: proxyLogin, sites: [...sites] }
  return {
    launch: through,
    proxy: proxy?.id ?? null,
    access,
    key: JSON.stringify([launchKey(through), proxy?.id ?? null, digestOf(access)]),
  }
}

/** Returns a digest of the credentials, so that a changed password requires other workers. */
function digestOf(access: WorkerSecrets): string {
  if (access.proxy === null && access.sites.length === 0) return ''
  return createHmac('sha256', DIGEST_KEY).update(JSON.stringify(access)).digest('base64url')
}
