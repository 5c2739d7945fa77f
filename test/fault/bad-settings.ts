import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../../lib/core/time/clock.ts'
import { durationMs } from '../../lib/core/time/duration.ts'
import { errorCode, messageOf } from '../../lib/core/errors/errors.ts'
import type { Json } from '../../lib/core/errors/errors.ts'
import { SETTINGS, environmentName } from '../../lib/config/config.ts'
import { siteLogins } from '../../lib/config/settings/credentials-setting.ts'
import { notifySettings } from '../../lib/config/settings/notify-setting.ts'
import { proxySource } from '../../lib/config/proxy-source.ts'
import { publicValue } from '../../lib/config/public-value.ts'
import { readDotEnv } from '../../lib/config/read-dot-env.ts'
import { environmentLayer, resolveConfig } from '../../lib/config/resolve.ts'
import type { Setting } from '../../lib/config/config.ts'
import type { Nonsense } from './nonsense.ts'

const KEY = randomBytes(32)

/** Settings that a person would write. The test damages them. */
const SANE: Readonly<Partial<Record<Setting, Json>>> = {
  workers: 8,
  drainTimeout: '5m',
  hungAfter: '2m',
  workflows: ['workflows'],
  proxies: ['http://user:pa55word@proxy:8080', 'socks5://other:1080'],
  domainWorkers: ['shop.example=2', '*=4'],
  credentials: [{ origin: 'https://shop.example', username: 'me', password: 'pa55word' }],
  notify: {
    telegram: { tokenEnv: 'TOKEN', chat: 7 },
    webhook: { url: 'https://hook.example/x', headers: { a: 'b' } },
    quietHours: '22:00-07:00',
    heartbeat: { url: 'https://beat.example', every: '1m' },
  },
  schedules: [
    { name: 'nightly', workflow: 'visits', cron: '0 3 * * *', timeZone: 'Europe/Rome', input: { n: 1 } },
    { name: 'often', workflow: 'visits', every: '15m', jitter: '5s', activeHours: '08:00-20:00' },
  ],
  services: { notifier: 'stopped' },
}

const FILE = 'automate.config.ts'

/**
 * Reads settings with a mistake: in the file, in `.env` or in the environment. Returns the wrong
 * response.
 */
export async function badSettings(nonsense: Nonsense, folder: string): Promise<string | null> {
  const set = new Map(
    Array.from({ length: 1 + nonsense.below(3) }, () => {
      const setting = nonsense.one(SETTINGS)
      const sane = SANE[setting]
      return [setting, sane === undefined ? nonsense.value() : nonsense.damaged(sane)] as const
    }),
  )
  const source = nonsense.one(['file', '.env', 'environment'] as const)
  const values = Object.fromEntries(set)
  const shown = `${source} ${JSON.stringify(values)}`
  const env = Object.fromEntries(
    [...set].map(([setting, value]) => [
      environmentName(setting),
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  )
  try {
    const layer =
      source === 'file'
        ? { source, name: FILE, values, nameOf: () => FILE }
        : environmentLayer(source, source === '.env' ? readBack(folder, env) : env)
    const { config } = resolveConfig([layer], folder)
    for (const setting of SETTINGS) JSON.stringify(publicValue(config, setting))
    for (const duration of [config.drainTimeout, config.keepBrowserFor, config.keepLogs, config.keepJobs]) {
      if (!(durationMs(duration) >= 0)) return `${shown}: a duration is ${durationMs(duration)}`
    }
    siteLogins(config.credentials, {})
    notifySettings(config.notify, {})
    await proxySource(config.proxies, folder, FILE, {
      clock: systemClock,
      requireTrust: () => undefined,
      key: () => KEY,
    }).list()
    return null
  } catch (error) {
    const message = messageOf(error)
    if (errorCode(error) !== 'config-invalid') return `${shown}: ${String(error)}`
    if (!/"\w+|\.env|proxies/.test(message)) return `${shown}: names no setting: ${message}`
    return /pa55word/.test(message) ? `${shown}: tells a secret: ${message}` : null
  }
}

/**
 * Reads the settings as Node does. Node refuses a value that such a file cannot hold, with its
 * line.
 */
function readBack(
  folder: string,
  env: Readonly<Record<string, string>>,
): Readonly<Record<string, string | undefined>> {
  const file = join(folder, '.env')
  writeFileSync(
    file,
    Object.entries(env)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  )
  return readDotEnv(file)
}
