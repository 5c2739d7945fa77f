import t from 'tap'
import { Config } from '../../../lib/config/config.ts'
import { notifySettings, notifyVariables } from '../../../lib/config/settings/notify-setting.ts'
import { publicValue } from '../../../lib/config/public-value.ts'
import { environmentLayer, resolveConfig } from '../../../lib/config/resolve.ts'
import { KnownSecrets } from '../../../lib/core/secrets/known-secrets.ts'
import { secretsOfNotify } from '../../../lib/model/notify/notify-settings.ts'

const ROOT = import.meta.dirname

const FULL = {
  telegram: { tokenEnv: 'TELEGRAM', chat: -1007 },
  webhook: {
    url: 'https://hooks.test/T0/secret',
    headers: { 'x-a': 'b' },
    headersEnv: { authorization: 'HOOK' },
  },
  heartbeat: { urlEnv: 'BEAT', every: '5m' },
  quietHours: '22:30-7:00',
}
const ENV = { TELEGRAM: '1:token', HOOK: 'Bearer x', BEAT: 'https://beat.test/uuid' }

t.test('the setting is the same from the file and as environment JSON, with secrets from variables', t => {
  const fromFile = Config.parse({ notify: FULL }).notify
  t.strictSame(Config.parse({ notify: JSON.stringify(FULL) }).notify, fromFile)
  const settings = notifySettings(fromFile, ENV)
  t.strictSame(settings, {
    telegram: { token: '1:token', chat: '-1007', apiRoot: 'https://api.telegram.org', photos: true },
    webhook: { url: FULL.webhook.url, headers: { 'x-a': 'b', authorization: 'Bearer x' } },
    ...{ bell: true, quietHours: { from: 1_350, to: 420 }, perMinute: 10 },
    heartbeat: { url: ENV.BEAT, everyMs: 300_000 },
  })
  t.strictSame(secretsOfNotify(settings), ['1:token', FULL.webhook.url, 'b', 'Bearer x', 'x', ENV.BEAT])
  t.strictSame(notifyVariables(fromFile), ['TELEGRAM', 'HOOK', 'BEAT'])
  t.end()
})

/**
 * Settings with a secret in an address or a header, and each secret as a page can show it alone.
 */
const ALONE: readonly (readonly [string, object, readonly string[]])[] = [
  ['a bearer', { headers: { authorization: 'Bearer headersecret1' } }, ['headersecret1']],
  ['in any header', { headers: { 'x-hook': 'token  headersecret1 ' } }, ['headersecret1']],
  ['of any scheme', { headers: { 'Proxy-Authorization': 'GenieKey geniesecret1' } }, ['geniesecret1']],
  ['a parameter', { headers: { authorization: 'Token token="pagersecret1"' } }, ['pagersecret1']],
  ['a header without a scheme', { headers: { 'x-api-key': 'plainsecret1' } }, ['plainsecret1']],
  [
    'a login',
    { headers: { authorization: `Basic ${Buffer.from('basicuser:pw:1').toString('base64')}` } },
    ['basicuser', 'pw:1', Buffer.from('basicuser:pw:1').toString('base64')],
  ],
  ['credentials', { url: 'https://hookuser:hook%40pw@h.test/' }, ['hookuser', 'hook@pw', 'hook%40pw']],
  ['a user name', { url: 'https://usertoken1@h.test/' }, ['usertoken1']],
  ['a path', { url: 'https://h.test/services/T0/0123456789abcdef' }, ['0123456789abcdef']],
  ['a query', { url: 'https://h.test/?v=1&id=0123456789abcdef' }, ['0123456789abcdef']],
  ['a named value', { url: 'https://h.test/?token=shortone' }, ['shortone']],
]

t.test('treats a token, a password and the parts of an address as secrets', async t => {
  for (const [name, more, secrets] of ALONE) {
    const webhook = { url: 'https://h.test/', ...more }
    const { redact } = new KnownSecrets(
      secretsOfNotify(notifySettings(Config.parse({ notify: { webhook } }).notify, {})),
    )
    for (const secret of secrets) t.equal(redact(`a ${secret} b`), 'a *** b', `${name}: ${secret}`)
  }
  const heartbeat = { url: 'https://beat.test/0123456789abcdef' }
  const beat = secretsOfNotify(notifySettings(Config.parse({ notify: { heartbeat } }).notify, {}))
  t.equal(new KnownSecrets(beat).redact('0123456789abcdef'), '***')
})

t.test('the words in an address and a header are no secrets', async t => {
  const webhook = {
    url: 'https://hook:passw0rd@h.test/services/notifications/12345678901?format=markdown&v=2',
    headers: { 'x-title': 'Our shop', authorization: 'Basic bm8gbG9naW4=' },
  }
  const { redact } = new KnownSecrets(
    secretsOfNotify(notifySettings(Config.parse({ notify: { webhook } }).notify, {})),
  )
  const words = 'webhook services notifications 12345678901 markdown shop Basic no login'
  t.equal(redact(words), words)
  t.equal(redact('https://hook:passw0rd@h.test/'), 'https://hook:***@h.test/')
})

t.test('secrets go over http only to this machine', t => {
  const telegram = (apiRoot: string) =>
    Config.safeParse({ notify: { telegram: { chat: 1, token: 'x', apiRoot } } })
  for (const apiRoot of [
    'https://bots.test',
    'http://localhost:8081',
    'http://127.0.0.1/',
    'http://[::1]:9',
  ]) {
    t.ok(telegram(apiRoot).success, apiRoot)
    const headers = { authorization: 'Bearer x' }
    t.ok(notifySettings(Config.parse({ notify: { webhook: { url: apiRoot, headers } } }).notify, {}), apiRoot)
  }
  const refused = [
    'http://bots.test',
    'http://127.0.0.1.bots.test',
    'http://localhost@bots.test',
    'ftp://localhost',
  ]
  for (const apiRoot of refused)
    t.match(telegram(apiRoot).error?.issues[0]?.message, /"apiRoot" must be https/, apiRoot)
  const open = { webhook: { url: 'http://intranet.test/hook' } }
  t.match(notifySettings(Config.parse({ notify: open }).notify, {}), open, 'an address without secrets')
  t.end()
})

t.test('uses only the bell by default', t => {
  t.match(notifySettings(Config.parse({}).notify, {}), {
    telegram: null,
    webhook: null,
    bell: true,
    heartbeat: null,
  })
  t.end()
})

for (const [notify, env, message] of [
  [
    FULL,
    { ...ENV, TELEGRAM: undefined },
    /"notify.telegram.token" comes from the variable TELEGRAM, which is not set in the environment or in .env/,
  ],
  [{ telegram: { chat: 1 } }, {}, /"notify.telegram.token" must be set, or "notify.telegram.tokenEnv"/],
  [{ telegram: { chat: 1, token: 'a', tokenEnv: 'B' } }, {}, /not both/],
  [FULL, { ...ENV, BEAT: 'http://beat.test/uuid' }, /"notify.heartbeat.url" must be https/],
  [
    { webhook: { url: 'http://hooks.test/x', headers: { authorization: 'Bearer x' } } },
    {},
    /"notify.webhook.url" must be https, because secrets are sent there/,
  ],
  [
    { webhook: { urlEnv: 'HOOK' } },
    { HOOK: 'http://10.0.0.1/T0/secret' },
    /"notify.webhook.url" must be https/,
  ],
  [FULL, { ...ENV, BEAT: 'nowhere' }, /"notify.heartbeat.url" is not a valid address/],
] as const) {
  t.throws(() => notifySettings(Config.parse({ notify }).notify, env), { code: 'config-invalid', message })
}

for (const [notify, message] of [
  [{ telegram: { token: 'a' } }, /must have a "chat"/],
  [{ quietHours: '25:00-7' }, /"22:00-07:00"/],
  [{ webhook: { url: 'ftp://x' } }, /must be an address/],
  [{ perMinute: 0 }, /1 or more/],
  [{ fax: 1 }, /fax/],
  ['{', /must be JSON/],
] as const) {
  const layer = { source: 'file', name: 'f', values: { notify }, nameOf: () => 'f' } as const
  t.throws(() => resolveConfig([layer], ROOT), { code: 'config-invalid', message })
}

t.test('variables that hold secrets may have names like settings', t => {
  const values = {
    notify: { telegram: { tokenEnv: 'AUTOMATE_TELEGRAM', chat: 1 } },
    secrets: ['AUTOMATE_SHOP'],
  }
  const file = { source: 'file', name: 'f', values, nameOf: () => 'f' } as const
  const env = environmentLayer('environment', { AUTOMATE_TELEGRAM: 'x', AUTOMATE_SHOP: 'y' })
  t.match(resolveConfig([env, file], ROOT).config, { secrets: ['AUTOMATE_SHOP'] })
  t.end()
})

t.test('the printed setting holds no secret', t => {
  const notify = { ...FULL, telegram: { token: '1:token', chat: 1 }, heartbeat: { url: ENV.BEAT } }
  const shown = JSON.stringify(publicValue(Config.parse({ notify }), 'notify'))
  t.notMatch(shown, /1:token|T0|uuid|"b"/)
  t.match(shown, /hooks\.test.*beat\.test/)
  t.end()
})
