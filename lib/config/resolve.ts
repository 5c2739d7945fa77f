import { resolve } from 'node:path'
import { AutomateError } from '../core/errors/errors.ts'
import { Config, ENVIRONMENT_PREFIX, SETTINGS, environmentName } from './config.ts'
import type { Setting } from './config.ts'
import { presentName } from './renamed-settings.ts'
import { notifyVariables } from './settings/notify-setting.ts'
import { withExistingFile } from './settings/proxy-setting.ts'

/** Sources of a setting's value, the strongest first. */
export type Source = 'flag' | 'environment' | '.env' | 'file' | 'default'

export interface Layer {
  readonly source: Exclude<Source, 'default'>
  /** Name of the layer in messages: `automate.config.ts`, `the flags`. */
  readonly name: string
  /**
   * Returns the name in messages of a setting's place: `automate.config.ts`, `AUTOMATE_WORKERS`.
   */
  readonly nameOf: (setting: Setting) => string
  /** Values by setting. Unknown names are refused. */
  readonly values: Readonly<Record<string, unknown>>
}

export interface ResolvedConfig {
  readonly config: Config
  readonly sources: Readonly<Record<Setting, Source>>
}

export function environmentLayer(
  source: 'environment' | '.env',
  env: Readonly<Record<string, string | undefined>>,
): Layer {
  const settings = new Map<string, Setting>(SETTINGS.map(setting => [environmentName(setting), setting]))
  const values: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || value === '' || !name.startsWith(ENVIRONMENT_PREFIX)) continue
    values[settings.get(name) ?? name] = value
  }
  return { source, name: source, values, nameOf: setting => `${environmentName(setting)} (${source})` }
}

/**
 * Takes each setting from the first layer that has it, or else from the defaults. `root` is the
 * project's folder. A relative path of the browser is resolved against it.
 * @throws `config-invalid` with a message that names every wrong setting, its source and its
 * allowed values.
 */
export function resolveConfig(layers: readonly Layer[], root: string): ResolvedConfig {
  const problems: string[] = []
  const sources: Partial<Record<Setting, Source>> = {}
  const values: Record<string, unknown> = {}
  for (const setting of SETTINGS) {
    const layer = firstWith(layers, setting)
    sources[setting] = layer?.source ?? 'default'
    if (layer === undefined) continue
    values[setting] = fromRoot(setting, layer.values[setting], root)
    const parsed = Config.shape[setting].safeParse(values[setting])
    if (parsed.success) continue
    const why = parsed.error.issues.map(issue => issue.message).join('; ')
    problems.push(`"${setting}" in ${layer.nameOf(setting)}: ${why}`)
  }
  problems.unshift(...layers.flatMap(layer => unknownSettings(layer, secretVariables(layers))))
  if (problems.length > 0) {
    throw new AutomateError('config-invalid', `The configuration is wrong. ${problems.join('. ')}.`)
  }
  return { config: Config.parse(values), sources: { ...EVERY_DEFAULT, ...sources } }
}

/**
 * Resolves the file in a setting's value against the project's folder. The current folder is not
 * used, because it may belong to another user.
 */
function fromRoot(setting: Setting, value: unknown, root: string): unknown {
  if (setting === 'proxies') return withExistingFile(value, root)
  return setting === 'browser' && typeof value === 'string' && value !== '' ? resolve(root, value) : value
}

const EVERY_DEFAULT: Record<Setting, Source> = {
  workers: 'default',
  drainTimeout: 'default',
  hungAfter: 'default',
  warmWorkers: 'default',
  recycleJobs: 'default',
  recycleAt: 'default',
  maxMemory: 'default',
  maxProfile: 'default',
  maxOutput: 'default',
  workflows: 'default',
  loadTimeout: 'default',
  browser: 'default',
  browserArgs: 'default',
  sandbox: 'default',
  headless: 'default',
  cdp: 'default',
  keepBrowserFor: 'default',
  trace: 'default',
  maxTrace: 'default',
  maxTraces: 'default',
  keepLogs: 'default',
  maxLogs: 'default',
  keepJobs: 'default',
  backupFolder: 'default',
  keepBackups: 'default',
  proxies: 'default',
  proxyRotation: 'default',
  proxyWorkers: 'default',
  domainWorkers: 'default',
  credentials: 'default',
  notify: 'default',
  schedules: 'default',
  services: 'default',
  secrets: 'default',
  language: 'default',
}

function unknownSettings({ values, name }: Layer, secrets: ReadonlySet<string>): string[] {
  const known = new Set<string>(SETTINGS)
  return Object.keys(values)
    .filter(key => !known.has(key) && !secrets.has(key))
    .map(key => {
      const present = presentName(key)
      if (present !== undefined) return `"${key}" in ${name} is now ${present}`
      const names = key.startsWith(ENVIRONMENT_PREFIX) ? SETTINGS.map(environmentName) : SETTINGS
      return `"${key}" in ${name} is not a setting; the settings are ${names.join(', ')}`
    })
}

/**
 * Returns the names of the environment variables that the layers use for secrets, even if another
 * setting is invalid.
 */
export function secretVariables(layers: readonly Layer[]): ReadonlySet<string> {
  const { credentials, notify, secrets } = Config.shape
  const valueOf = (setting: Setting) => firstWith(layers, setting)?.values[setting]
  const logins = credentials.safeParse(valueOf('credentials')).data ?? []
  const channels = notify.safeParse(valueOf('notify')).data
  return new Set([
    ...logins.flatMap(({ passwordEnv }) => passwordEnv ?? []),
    ...(channels === undefined ? [] : notifyVariables(channels)),
    ...(secrets.safeParse(valueOf('secrets')).data ?? []),
  ])
}

const firstWith = (layers: readonly Layer[], setting: Setting): Layer | undefined =>
  layers.find(one => one.values[setting] !== undefined)
