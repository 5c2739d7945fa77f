import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import t from 'tap'
import { SETTINGS } from '../../lib/config/config.ts'
import { publicValue } from '../../lib/config/public-value.ts'
import { environmentLayer, resolveConfig } from '../../lib/config/resolve.ts'
import type { Layer } from '../../lib/config/resolve.ts'

const ROOT = import.meta.dirname

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

t.test('uses defaults without any layer', async t => {
  const { config, sources } = resolveConfig([], ROOT)
  t.match(config, { workers: 4, workflows: ['workflows'], headless: true, language: '', browserArgs: [] })
  t.strictSame(new Set(Object.values(sources)), new Set(['default']))
  t.strictSame(Object.keys(sources).sort(), [...SETTINGS].sort())
})

t.test('the first of flag, environment, .env, file and default wins, and is named', async t => {
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
  const { config, sources } = resolveConfig(layers, ROOT)
  const unset = resolveConfig([], ROOT)
  t.strictSame(config, {
    ...unset.config,
    workers: 1,
    loadTimeout: '1m',
    browser: resolve('/b'),
    browserArgs: ['--a', '--b'],
    headless: false,
    cdp: 'pipe',
    trace: 'on-failure',
    maxTrace: '50MB',
    maxTraces: '2GB',
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
    maxTrace: 'default',
    maxTraces: 'default',
    proxies: 'default',
    proxyRotation: 'default',
    credentials: 'default',
    language: 'file',
  })
})

t.test('resolves a relative path of the browser from the folder of the project', async t => {
  for (const [browser, path] of [
    ['./bin/chromium', join(ROOT, 'bin', 'chromium')],
    [join(ROOT, 'chromium'), join(ROOT, 'chromium')],
    ['', ''],
  ])
    t.equal(resolveConfig([file({ browser })], ROOT).config.browser, path)
})

for (const [setting, values] of Object.entries({
  workers: [0, 65, 1.5, NaN, 'four', '', '0x10', true, null, []],
  warmWorkers: [-1, 65, 0.5],
  recycleJobs: [0, 1.5],
  recycleAt: [0, 'much', '1KB', 1024],
  maxTrace: [50, '2GB', '512KB'],
  maxTraces: [2_000, '1B'],
  maxLogs: [10_000, null],
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
  t.test(`refuses a wrong "${setting}" with its name, its place and the allowed values`, async t => {
    for (const value of values) {
      t.throws(
        () => resolveConfig([file({ [setting]: value })], ROOT),
        {
          code: 'config-invalid',
          message: new RegExp(`"${setting}" in automate.config.ts: must`),
        },
        JSON.stringify(value),
      )
    }
  })
}

for (const [old, present] of Object.entries({
  drainFor: '"drainTimeout"',
  keepFor: '"keepBrowserFor"',
  logsMegabytes: '"maxLogs", a size such as "50MB"',
  recycleMegabytes: '"recycleAt", a size such as "50MB"',
  traceMegabytes: '"maxTrace", a size such as "50MB"',
  tracesMegabytes: '"maxTraces", a size such as "50MB"',
  warm: '"warmWorkers"',
})) {
  t.test(`refuses "${old}" of an earlier version with its present name`, async t => {
    t.throws(() => resolveConfig([file({ [old]: 1 })], ROOT), {
      code: 'config-invalid',
      message: `The configuration is wrong. "${old}" in automate.config.ts is now ${present}.`,
    })
  })
}

t.test('refuses a variable of an earlier version with its present name', async t => {
  const layers = [environmentLayer('environment', { AUTOMATE_KEEP_FOR: '2s', AUTOMATE_TRACE_MEGABYTES: '9' })]
  t.throws(() => resolveConfig(layers, ROOT), {
    message: [
      'The configuration is wrong. "AUTOMATE_KEEP_FOR" in environment is now "AUTOMATE_KEEP_BROWSER_FOR".',
      '"AUTOMATE_TRACE_MEGABYTES" in environment is now "AUTOMATE_MAX_TRACE", a size such as "50MB".',
    ].join(' '),
  })
})

t.test('reports every wrong setting at once, by its name in its source', async t => {
  const layers = [
    environmentLayer('environment', { AUTOMATE_WORKERS: 'x' }),
    file({ headless: 'x', wrokers: 3 }),
  ]
  t.throws(() => resolveConfig(layers, ROOT), {
    code: 'config-invalid',
    message:
      /"wrokers" in automate\.config\.ts is not a setting.*AUTOMATE_WORKERS \(environment\): must.*"headless" in automate\.config/,
  })
})

t.test('refuses an unknown AUTOMATE_ variable, unless a credential reads its password from it', async t => {
  const layers = (env: Record<string, string>) => [
    environmentLayer('environment', { PATH: '/bin', ...env }),
    file({ credentials: [{ origin: 'https://a', username: 'u', passwordEnv: 'AUTOMATE_A_PASSWORD' }] }),
  ]
  t.throws(() => resolveConfig(layers({ AUTOMATE_WORKRES: '3' }), ROOT), {
    code: 'config-invalid',
    message: /"AUTOMATE_WORKRES" in environment is not a setting; the settings are AUTOMATE_WORKERS, /,
  })
  t.equal(resolveConfig(layers({ AUTOMATE_A_PASSWORD: 'secret' }), ROOT).config.workers, 4)
})

t.test('sets the desired state of services by their names', async t => {
  const services = { notifier: 'stopped', 'workflow-watch': 'running' }
  t.strictSame(resolveConfig([file({ services })], ROOT).config.services, services)
  const env = { AUTOMATE_SERVICES: JSON.stringify(services) }
  t.strictSame(resolveConfig([environmentLayer('environment', env)], ROOT).config.services, services)
  for (const wrong of [{ notifier: 'off' }, { 'No!': 'stopped' }, ['notifier'], 'notifier=stopped', 5]) {
    t.throws(() => resolveConfig([file({ services: wrong })], ROOT), {
      code: 'config-invalid',
      message: /"services" in automate\.config\.ts: must be an object such as \{ notifier: "stopped"/,
    })
  }
})

/** Names for a file of proxies, whether it exists or not. */
const FILES = [
  'proxies.txt',
  'C:\\proxies.txt',
  'D:/of us/proxies.txt',
  '../lists/june-2026.txt',
  '/etc/proxies',
]

/**
 * Texts that can name a file. If the file does not exist, each is an address without its scheme.
 */
const ADDRESSES = [
  ...['ann:s3cret@proxy.example:8080', 'proxy.example:8080:ann:s3cret', 'ann:s3cret:proxy.example:8080'],
  ...[
    's3cret@proxy.example',
    'proxy.example:8080',
    'one.example:80,ann:s3cret@two.example:80',
    'a.example,b.example',
  ],
  ...['http:/ann:s3cret@proxy.example', '//ann:s3cret@proxy', 'ann:s3/cret@proxy:1', 'a:/s3cret@proxy:1'],
  ...['a:/s3cret:proxy:1', '[::1]:8080:ann:s3cret', '["ann:s3cret@proxy:1"]', 'C:\\me@home\\proxies.txt'],
]

t.test('a text is the name of a file of proxies, unless it looks like an address', async t => {
  for (const name of FILES) {
    const { config } = resolveConfig([file({ proxies: name })], ROOT)
    t.strictSame(config.proxies, { from: 'file', file: name })
  }
  for (const text of ADDRESSES) {
    const layer = environmentLayer('.env', { AUTOMATE_PROXIES: text })
    const thrown = t.throws(() => resolveConfig([layer], ROOT), {
      code: 'config-invalid',
      message: /"proxies" in AUTOMATE_PROXIES \(\.env\): must be addresses that begin with "http:\/\/"/,
    })
    t.notMatch(String(thrown), /s3cret|ann|proxy\.example|home/, text)
  }
})

t.test('the name of an existing file of proxies may look like an address', async t => {
  const root = t.testdir({ 'ann@june,july.txt': '' })
  const names = ['ann@june,july.txt', join(root, 'ann@june,july.txt')]
  if (process.platform !== 'win32') {
    writeFileSync(join(root, '10:30'), '')
    names.push('10:30')
  }
  for (const name of names) {
    const { config } = resolveConfig([file({ proxies: name })], root)
    t.strictSame(config.proxies, { from: 'file', file: name })
    t.equal(publicValue(config, 'proxies'), name)
  }
})

t.test('does not take a user name before "://" for a scheme, and does not quote it', async t => {
  const text = 'ann:s3cret@http://proxy.example:8080'
  const thrown = t.throws(() => resolveConfig([file({ proxies: text })], ROOT), { code: 'config-invalid' })
  t.notMatch(String(thrown), /s3cret|"ann"/)
})
