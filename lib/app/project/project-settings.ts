import { isDeepStrictEqual } from 'node:util'
import { SETTINGS, environmentName } from '../../config/config.ts'
import type { Setting } from '../../config/config.ts'
import type { Source } from '../../config/resolve.ts'
import { NEEDS_RESTART } from '../../config/needs-restart.ts'
import { publicValue } from '../../config/public-value.ts'
import { unusedProxy } from '../../model/proxy/proxy.ts'
import type { ProxyHealth } from '../../model/proxy/proxy.ts'
import { chosenLanguage } from './project.ts'
import type { Project } from './project.ts'
import type { StoreCalls } from './with-store.ts'

interface EffectiveSetting {
  readonly setting: Setting
  readonly value: unknown
  readonly source: Source | 'operator'
  readonly environment: string
  /** Time at which a change to the setting takes effect in a running scheduler. */
  readonly takesEffect: 'at-once' | 'after-restart'
  readonly next?: unknown
}

/**
 * Returns every setting with its source and its value as JSON without secrets. The values are those
 * in force in a scheduler that was started with `project`, now that the configuration is `now`.
 * `next` is a changed value that takes effect only after a restart.
 */
export function effectiveSettings(project: Project, now = project): EffectiveSetting[] {
  return SETTINGS.map(setting => {
    const restarts = NEEDS_RESTART.has(setting)
    const { resolved } = restarts ? project : now
    const value = publicValue(resolved.config, setting)
    const next = publicValue(now.resolved.config, setting)
    const environment = environmentName(setting)
    const chosen = setting === 'language' ? chosenLanguage(project) : null
    if (chosen !== null) {
      return { setting, value: chosen, source: 'operator', environment, takesEffect: 'at-once' }
    }
    return {
      setting,
      value,
      source: resolved.sources[setting],
      environment,
      takesEffect: restarts ? 'after-restart' : 'at-once',
      ...(isDeepStrictEqual(now.resolved.config[setting], resolved.config[setting]) ? {} : { next }),
    }
  })
}

/**
 * Returns the health of the project's proxies, without credentials.
 * @throws the error of their source if the list of proxies cannot be read.
 */
export async function proxyHealth(project: Project, store: StoreCalls): Promise<ProxyHealth[]> {
  const known = await project.proxies.list()
  const health = await store.call('proxies.list', {})
  return known.map(({ id }) => health.find(row => row.id === id) ?? unusedProxy(id))
}
