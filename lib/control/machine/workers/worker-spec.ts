import { createHmac, randomBytes } from 'node:crypto'
import type { WorkerSecrets, SiteLogin } from '../../../model/worker/worker-secrets.ts'
import type { LaunchProfile } from '../../../model/worker/documents.ts'
import type { Proxy, ProxyId } from '../../../model/proxy/proxy-address.ts'
import { launchKey } from '../../decide/worker-view.ts'

/**
 * Parameters that are fixed when a worker process starts. A job with another proxy or other
 * credentials needs another worker.
 */
export interface WorkerSpec {
  readonly launch: LaunchProfile
  readonly proxy: ProxyId | null
  readonly access: WorkerSecrets
  /** Key that is the same for workers that are interchangeable. No secret can be read from it. */
  readonly key: string
}

/** Random key of this process. Without it, a short password could be guessed from its digest. */
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

/**
 * Returns a digest of the credentials, because workers with a changed password are not
 * interchangeable with earlier ones. Returns an empty string if there are none.
 */
function digestOf(access: WorkerSecrets): string {
  if (access.proxy === null && access.sites.length === 0) return ''
  return createHmac('sha256', DIGEST_KEY).update(JSON.stringify(access)).digest('base64url')
}
