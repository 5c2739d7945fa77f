import t from 'tap'
import { SETTINGS } from '../../lib/config/config.ts'
import { environmentLayer, resolveConfig } from '../../lib/config/resolve.ts'
import type { Layer } from '../../lib/config/resolve.ts'

const flags = (values: Record<string, unknown>): Layer => ({
  source: 'flag',
  name: 'flags',
  nameOf: name => `--${name}`,
  values,
})
const file = (values: Record<string, unknown>): Layer => ({
  source: 'file',
  name: 'automate.config.ts',
  nameOf: () => 'automate.config.ts',
  values,
})

t.test('without any layer everything is a default', async t => {
  const { config, sources } = resolveConfig([])
  t.match(config, { workers: 4, workflows: ['workflows'], headless: true, language: '', browserArgs: [] })
  t.strictSame(new Set(Object.values(sources)), new Set(['default']))
  t.strictSame(Object.keys(sources).sort(), [...SETTINGS].sort())
})

t.test('flag, environment, .env, file, default: the first that has a setting wins, and is named', async t => {
  const layers = [
    flags({ workers: 1, browser: undefined }),
    environmentLayer('environment', { AUTOMATE_WORKERS: '2', AUTOMATE_BROWSER: '/b', AUTOMATE_HEADLESS: '' }),
    environmentLayer('.env', {
      AUTOMATE_BROWSER: '/c',
      AUTOMATE_HEADLESS: '0',
      AUTOMATE_BROWSER_ARGS: '--a, --b',
    }),
    file({ headless: true, language: 'it', loadTimeout: '1m' }),
  ]
  const { config, sources } = resolveConfig(layers)
  const unset = resolveConfig([])
  t.strictSame(config, {
    ...unset.config,
    workers: 1,
    loadTimeout: '1m',
    browser: '/b',
    browserArgs: ['--a', '--b'],
    headless: false,
    cdp: 'pipe',
    trace: 'on-failure',
    traceMegabytes: 50,
    tracesMegabytes: 2_000,
    proxies: { from: 'list', list: [] },
    proxyRotation: 'round-robin',
    credentials: [],
    language: 'it',
  })
  t.strictSame(sources, {
    ...unset.sources,
    workers: 'flag',
    loadTimeout: 'file',
    browser: 'environment',
    browserArgs: '.env',
    headless: '.env',
    cdp: 'default',
    trace: 'default',
    traceMegabytes: 'default',
    tracesMegabytes: 'default',
    proxies: 'default',
    proxyRotation: 'default',
    credentials: 'default',
    language: 'file',
  })
})

for (const [setting, values] of Object.entries({
  workers: [0, 65, 1.5, NaN, 'four', '', '0x10', true, null, []],
  warm: [-1, 65, 0.5],
  recycleJobs: [0, 1.5],
  recycleMegabytes: [0, 'much'],
  maxMemory: ['4', '0GB', 'GB', '-1GB', '4 TB', 4, null],
  maxProfile: ['much', true],
  maxOutput: ['10 megabytes'],
  workflows: [7, [''], [1], { a: 1 }, null],
  loadTimeout: ['20', '0s', -1, true, null],
  browser: [7, null, ['x']],
  browserArgs: ['a,,b', 3],
  headless: ['yes', 2, null],
  proxies: [7, null, ['ftp://x'], 'http://a:1,socks5://a:b@c:1', ['http://a:b@c:1/path']],
  proxyRotation: ['random', 1, null],
  credentials: [
    'no json',
    [{ origin: 'https://a/path', username: 'u', password: 'p' }],
    [{ origin: 'https://a', username: 'u' }],
  ],
  language: ['de', 1, null],
})) {
  t.test(`a wrong "${setting}" is refused with its name, its place and what is allowed`, async t => {
    for (const value of values) {
      t.throws(
        () => resolveConfig([file({ [setting]: value })]),
        {
          code: 'config-invalid',
          message: new RegExp(`"${setting}" in automate.config.ts: must`),
        },
        JSON.stringify(value),
      )
    }
  })
}

t.test('every wrong setting is told at once, by the name it has where it stands', async t => {
  const layers = [
    environmentLayer('environment', { AUTOMATE_WORKERS: 'x' }),
    file({ headless: 'x', wrokers: 3 }),
  ]
  t.throws(() => resolveConfig(layers), {
    code: 'config-invalid',
    message:
      /"wrokers" in automate\.config\.ts is no setting.*AUTOMATE_WORKERS \(environment\): must.*"headless" in automate\.config/,
  })
})

t.test('a name in the environment that is no setting is refused, unless a password is in it', async t => {
  const layers = (env: Record<string, string>) => [
    environmentLayer('environment', { PATH: '/bin', ...env }),
    file({ credentials: [{ origin: 'https://a', username: 'u', passwordEnv: 'AUTOMATE_A_PASSWORD' }] }),
  ]
  t.throws(() => resolveConfig(layers({ AUTOMATE_WORKRES: '3' })), {
    code: 'config-invalid',
    message: /"AUTOMATE_WORKRES" in environment is no setting; there are AUTOMATE_WORKERS, /,
  })
  t.equal(resolveConfig(layers({ AUTOMATE_A_PASSWORD: 'secret' })).config.workers, 4)
})

t.test('what is wanted of services is said by their names', async t => {
  const services = { notifier: 'stopped', 'workflow-watch': 'running' }
  t.strictSame(resolveConfig([file({ services })]).config.services, services)
  const env = { AUTOMATE_SERVICES: JSON.stringify(services) }
  t.strictSame(resolveConfig([environmentLayer('environment', env)]).config.services, services)
  for (const wrong of [{ notifier: 'off' }, { 'No!': 'stopped' }, ['notifier'], 'notifier=stopped', 5]) {
    t.throws(() => resolveConfig([file({ services: wrong })]), {
      code: 'config-invalid',
      message: /"services" in automate\.config\.ts: must be such as \{ notifier: "stopped"/,
    })
  }
})
