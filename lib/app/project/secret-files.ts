import { join, resolve } from 'node:path'
import type { ProxySetting } from '../../config/settings/proxy-setting.ts'
import type { ResolvedConfig } from '../../config/resolve.ts'
import { parseProxy } from '../../model/proxy/proxy-address.ts'
import type { Project } from './project.ts'

/**
 * Returns the paths of the project's files that contain secrets, whether or not the files exist.
 * Returns only `.env` if `project` is null because the configuration cannot be read.
 */
export function secretFiles(
  root: string,
  project: Pick<Project, 'resolved' | 'configFile'> | null,
): string[] {
  const dotEnv = join(root, '.env')
  if (project === null) return [dotEnv]
  const { resolved, configFile } = project
  const { proxies } = resolved.config
  return [
    dotEnv,
    ...(proxies.from === 'file' ? [resolve(root, proxies.file)] : []),
    ...(hasSecrets(resolved) ? [configFile] : []),
  ]
}

/** True if the configuration file contains a secret in a setting that no other source overrides. */
function hasSecrets({ config, sources }: ResolvedConfig): boolean {
  return (
    (sources.proxies === 'file' && hasPassword(config.proxies)) ||
    (sources.credentials === 'file' && config.credentials.some(({ password }) => password !== undefined)) ||
    (sources.notify === 'file' && hasNotifySecret(config.notify))
  )
}

function hasPassword(proxies: ProxySetting): boolean {
  if (proxies.from !== 'list') return false
  return proxies.list.map(parseProxy).some(proxy => !('problem' in proxy) && proxy.login !== null)
}

/**
 * True if the notification settings contain a token, headers or an address, which often contains a
 * token.
 */
function hasNotifySecret({ telegram, webhook, heartbeat }: ResolvedConfig['config']['notify']): boolean {
  const headers = Object.keys(webhook?.headers ?? {})
  return (
    telegram?.token !== undefined ||
    webhook?.url !== undefined ||
    heartbeat?.url !== undefined ||
    headers.length > 0
  )
}
