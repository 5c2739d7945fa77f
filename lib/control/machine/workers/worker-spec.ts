import { createHmac, randomBytes } from 'node:crypto'
import type { WorkerSecrets, SiteLogin } from '../../../model/worker/worker-secrets.ts'
import type { LaunchProfile } from '../../../model/worker/documents.ts'
import type { Proxy, ProxyId } from '../../../model/proxy/proxy-address.ts'
import { launchKey } from '../../decide/worker-view.ts'

/** What a worker process is started with, for good: another proxy or other credentials need another worker. */
export interface WorkerSpec {
  readonly launch: LaunchProfile
  readonly proxy: ProxyId | null
  readonly access: WorkerSecrets
  /** Workers whose equipment can stand in for each other have the same key. No secret can be read from it. */
  readonly key: string
}

/** Known to this process only: without it, a digest of a short password could be guessed at. */
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

/** A password that was changed makes other workers necessary, too. */
function digestOf(access: WorkerSecrets): string {
  if (access.proxy === null && access.sites.length === 0) return ''
  return createHmac('sha256', DIGEST_KEY).update(JSON.stringify(access)).digest('base64url')
}
