import { execFile } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { PROFILE_OWNER, newProfileName } from '../../../lib/core/ids.ts'
import { PROGRAM } from '../../helpers/program/built-program.ts'
import { ForwardProxy } from '../../helpers/sites/forward-proxy.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { messageServer, telegramRefusal } from '../../helpers/sites/message-server.ts'
import { closedPort } from '../../helpers/sites/closed-port.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { withoutInotify } from '../../helpers/processes/without-inotify.ts'

/** The fixtures that the tests use. */
const workflows = ['succeeds-late', 'visits']

const Report = z.object({
  ok: z.boolean(),
  exitCode: z.int(),
  root: z.string().nullable(),
  checks: z.array(
    z.object({
      check: z.string(),
      status: z.enum(['ok', 'warning', 'problem']),
      message: z.string(),
      remedy: z.string().optional(),
      repaired: z.string().optional(),
    }),
  ),
})

const windows = process.platform === 'win32'
const DEAD = { pid: process.pid, started: 'in-another-life' }
const NO_BROWSER = { AUTOMATE_BROWSER: '/no/such/browser' }

/** Runs doctor in the project. Returns its exit code and the finding of each check by name. */
async function examine(
  project: JourneyProject,
  args: readonly string[] = [],
  env: Record<string, string> = {},
) {
  const { code, stdout, stderr } = await project.run(['doctor', '--json', ...args], { env })
  const report = Report.parse(JSON.parse(stdout))
  t.equal(report.exitCode, code, 'the report contains the exit code')
  const found = new Map(report.checks.map(one => [one.check, one]))
  const status = (check: string) => found.get(check)?.status
  return { code, found, status, report, stderr }
}

t.test('doctor passes each check on a healthy machine, and changes nothing', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows })
  const { code, report, found, stderr } = await examine(project)
  t.equal(code, 0)
  t.ok(report.ok)
  t.strictSame(
    report.checks.filter(({ status }) => status === 'problem'),
    [],
  )
  t.match(found.get('browser')?.message, /Chrome\/[\d.]+ shows a page after \d+/)
  t.match(found.get('workflows')?.message, /^\d+ workflows can be used$/)
  t.equal(stderr, '', 'progress is only for terminals')
  t.match(found.get('clock')?.message, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d, \S+$/, 'the clock shows local time')
  for (const { status, remedy } of report.checks) t.equal(remedy === undefined, status === 'ok')
  t.strictSame(project.profiles(), [])
  t.notOk(existsSync(project.paths.database))
})

t.test('doctor names each fault with its remedy, and --fix repairs what it can', async t => {
  const files = { 'workflows/broken.ts': 'export default {', 'workflows/five.ts': 'export default 5' }
  const project = new JourneyProject(t, newFolder(), { workflows, files })
  const { paths } = project
  if (!windows) chmodSync(paths.data, 0o755)
  const damaged = Buffer.alloc(8192, 'not a database')
  writeFileSync(paths.database, damaged)
  const profile = join(paths.profiles, newProfileName())
  mkdirSync(profile)
  writeFileSync(join(profile, PROFILE_OWNER), JSON.stringify(DEAD))
  const lock = { kind: 'port-lock', version: 1, port: 20_007, owner: DEAD, since: 1 }
  writeFileSync(join(paths.ports, '20007.json'), JSON.stringify(lock))

  const key = join(newFolder(), 'automate-tui', 'sessions.key')
  mkdirSync(join(key, '..'))
  writeFileSync(key, '', { mode: 0o644 })
  const env = { ...NO_BROWSER, XDG_DATA_HOME: join(key, '..', '..') }
  const onLinux = process.platform === 'linux'

  const before = await examine(project, [], env)
  t.equal(before.code, 4, 'the environment takes precedence over the configuration')
  t.match(before.found.get('browser'), {
    status: 'problem',
    message: /AUTOMATE_BROWSER is "\/no\/such\/browser"/,
  })
  t.match(before.found.get('workflows'), {
    status: 'problem',
    message:
      /^workflows.broken\.ts cannot be loaded: [^\n]*\nworkflows.five\.ts does not export a workflow[^\n]*$/,
  })
  t.match(before.found.get('database'), { status: 'problem', message: /damaged/, remedy: /\.recover/ })
  t.match(before.found.get('leftovers'), { status: 'warning', message: /1 profile folder and 1 lock/ })
  if (!windows) t.match(before.found.get('folders'), { status: 'warning', message: /other users can read/ })
  if (onLinux) t.match(before.found.get('folders')?.message, key, 'the key of saved logins is named')
  t.ok(damaged.equals(readFileSync(paths.database)), 'the damaged database is unchanged')
  t.ok(existsSync(profile), 'nothing is removed without --fix')

  const after = await examine(project, ['--fix'], env)
  t.match(after.found.get('leftovers'), { status: 'ok', repaired: /removed 1 profile folder and 1 lock/ })
  t.strictSame([...readdirSync(paths.profiles), ...readdirSync(paths.ports)], [])
  if (!windows) {
    t.match(after.found.get('folders'), { status: 'ok', repaired: /closed/ })
    t.equal(statSync(paths.data).mode & 0o777, 0o700)
    if (onLinux) t.equal(statSync(key).mode & 0o777, 0o600)
  }
  t.ok(damaged.equals(readFileSync(paths.database)), '--fix does not repair a database')
})

t.test('reports secrets that other users can read, and --fix closes them', { skip: windows }, async t => {
  const password = 'http://ada:pa55word@127.0.0.1:9'
  const inFile = new JourneyProject(t, newFolder(), {
    workflows,
    settings: { proxies: 'proxies.txt' },
    files: { '.env': 'TOKEN=1', 'proxies.txt': `${password}\n` },
  })
  const inConfig = new JourneyProject(t, newFolder(), { workflows, settings: { proxies: [password] } })
  const inEnv = new JourneyProject(t, newFolder(), { workflows })
  const cases = [
    [inFile, ['.env', 'proxies.txt'], {}],
    [inConfig, ['automate.config.ts'], {}],
    [inEnv, [], { AUTOMATE_PROXIES: password }],
  ] as const
  for (const [project, names, env] of cases) {
    const files = names.map(name => join(project.root, name))
    for (const file of files) chmodSync(file, 0o604)
    const before = (await examine(project, [], env)).found.get('folders')
    if (files.length === 0) {
      t.match(before, { status: 'ok' })
      continue
    }
    t.match(before, {
      status: 'warning',
      message: `other users can read ${files.join(', ')}, which hold secrets`,
    })
    t.match(before?.remedy, `Run "chmod 600 ${files.join(' ')}"`)
    t.match((await examine(project, ['--fix'], env)).found.get('folders'), {
      status: 'ok',
      repaired: /closed/,
    })
    for (const file of files) t.equal(statSync(file).mode & 0o777, 0o600, file)
  }
})

t.test(
  'reports a key of saved logins of another user, and does not advise to take it from its owner',
  { skip: process.getuid?.() !== 0 && 'only root can become another user' },
  async t => {
    const project = new JourneyProject(t, newFolder(), { workflows })
    const home = newFolder()
    const folder = join(home, 'automate-tui')
    const env = { ...NO_BROWSER, XDG_DATA_HOME: home }
    mkdirSync(folder, { mode: 0o700 })
    writeFileSync(join(folder, 'sessions.key'), '', { mode: 0o600 })
    chmodSync(home, 0o755)

    // Files of root in the folder of a user.
    for (const path of ['', ...readdirSync(project.root, { recursive: true, encoding: 'utf8' })])
      lchownSync(join(project.root, path), 54_321, 54_321)
    const said = Promise.withResolvers<string>()
    const [command, ...user] = ['setpriv', '--reuid=54321', '--regid=54321', '--clear-groups']
    execFile(
      command,
      [...user, process.execPath, PROGRAM, 'doctor', '--json', '--root', project.root],
      { env: { ...process.env, ...env } },
      (_error, stdout, stderr) => (stdout === '' ? said.reject(new Error(stderr)) : said.resolve(stdout)),
    )
    const { checks } = Report.parse(JSON.parse(await said.promise))
    t.match(
      checks.find(({ check }) => check === 'folders'),
      {
        status: 'problem',
        message: /sessions\.key, the key of saved logins, cannot be read: EACCES/,
        remedy: `chown -R 54321 ${folder}`,
      },
    )

    // Root runs doctor with the home of that user.
    chownSync(join(folder, 'sessions.key'), 54_321, 54_321)
    const { found } = await examine(new JourneyProject(t, newFolder(), { workflows }), [], env)
    t.match(found.get('folders'), {
      status: 'problem',
      message: 'it belongs to another user (uid 54321)',
      remedy: 'sudo -H',
    })
  },
)

t.test('runs the other checks despite a wrong configuration', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows })
  const { code, found, status } = await examine(project, [], { AUTOMATE_WORKERS: 'many' })
  t.equal(code, 2)
  t.match(found.get('configuration'), { status: 'problem', message: /"workers" in AUTOMATE_WORKERS/ })
  t.strictSame(['browser', 'owner', 'database'].map(status), ['ok', 'ok', 'ok'])
})

t.test(
  'a user without a passwd entry and a read-only project fail no check by themselves',
  { skip: process.getuid?.() !== 0 && 'only root can become another user and mount' },
  async t => {
    const { root } = new JourneyProject(t, newFolder(), {
      workflows,
      files: { 'workflows/five.ts': 'export default 5' },
    })
    const doctor = ['doctor', '--json', '--root', root]
    const runs = {
      'a folder of another user': ['setpriv', '--reuid=54321', '--regid=54321', '--clear-groups'],
      'a read-only disk': [
        'unshare',
        '--mount',
        'sh',
        '-c',
        `mount --bind "${root}" "${root}" && mount -o remount,ro,bind "${root}" && exec "$@"`,
        'sh',
      ],
    }
    for (const [where, [command = '', ...args]] of Object.entries(runs)) {
      const said = Promise.withResolvers<string>()
      const env = { ...process.env, ...NO_BROWSER }
      execFile(command, [...args, process.execPath, PROGRAM, ...doctor], { env }, (_error, stdout, stderr) =>
        stdout === '' ? said.reject(new Error(stderr)) : said.resolve(stdout),
      )
      const { checks } = Report.parse(JSON.parse(await said.promise))
      const found = new Map(checks.map(one => [one.check, one]))
      t.strictSame(
        checks.filter(({ message }) => /check itself failed/.test(message)),
        [],
        where,
      )
      t.match(found.get('folders'), { status: 'problem', message: `${root} cannot be written` }, where)
      t.match(found.get('leftovers'), { status: 'ok' }, where)
      t.match(found.get('configuration'), { status: 'ok' }, where)
      if (command === 'setpriv') t.match(found.get('folders')?.remedy, 'chown -R 54321')
    }
  },
)

t.test(
  'names a system limit that leaves nothing to watch files with',
  { skip: withoutInotify.missing },
  async t => {
    const { root } = new JourneyProject(t, newFolder(), { workflows })
    const [command, ...args] = withoutInotify.command('instances', 0)
    const doctor = [process.execPath, PROGRAM, 'doctor', '--json', '--root', root]
    const env = { ...process.env, ...NO_BROWSER }
    const said = Promise.withResolvers<string>()
    execFile(command, [...args, ...doctor], { env }, (_error, stdout) => said.resolve(stdout))
    const { checks } = Report.parse(JSON.parse(await said.promise))
    t.match(
      checks.find(({ check }) => check === 'limits'),
      {
        status: 'warning',
        message: /max_user_instances/,
        remedy: /sysctl -w fs\.inotify\.max_user_instances=\d+/,
      },
    )
  },
)

t.test('reports the output of a browser that starts and exits', { skip: windows }, async t => {
  const folder = newFolder()
  const browser = join(folder, 'chrome')
  writeFileSync(browser, '#!/bin/sh\necho "libnss3.so: cannot open shared object file" >&2\nexit 127\n', {
    mode: 0o755,
  })
  const project = new JourneyProject(t, newFolder(), { workflows })
  const { code, found } = await examine(project, [], { AUTOMATE_BROWSER: browser })
  t.equal(code, 4)
  t.match(found.get('browser'), { status: 'problem', message: /does not work.*libnss3\.so/ })
  t.match(found.get('fonts'), { status: 'warning', remedy: /browser first/ })
})

t.test('names proxies that refuse this machine, without passwords', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows })
  const credentials = { username: 'ann', password: 'hunter2' }
  const good = await ForwardProxy.start(t, { credentials })
  const refusing = await ForwardProxy.start(t, { credentials: { ...credentials, password: 'new' } })
  const refused = `http://ann:hunter2@127.0.0.1:${refusing.port}`
  const dead = await closedPort()
  const through = (...proxies: string[]) =>
    examine(project, [], { ...NO_BROWSER, AUTOMATE_PROXIES: proxies.join(',') })

  const some = await through(good.url, refused, dead)
  const proxies = some.found.get('proxies')
  t.match(proxies, { status: 'warning', remedy: /Jobs use the others.*"automate-tui proxies test"/ })
  t.match(proxies?.message, `${refusing.address}#`)
  t.match(
    proxies?.message,
    /refuses its user name and password \(407\).*; .* cannot be reached \(ECONNREFUSED\)$/,
  )
  t.match(proxies?.message, dead)
  t.notMatch(proxies?.message, good.address)
  t.notMatch(JSON.stringify(some.report), 'hunter2')
  t.match((await through(good.url)).found.get('proxies'), {
    status: 'ok',
    message: '1 of 1 admit this machine',
  })
  t.match((await through(refused)).found.get('proxies'), {
    status: 'problem',
    remedy: /^Jobs that need a proxy wait/,
  })
})

t.test('checks the notification channels without sending a message or showing a secret', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows })
  const server = await messageServer(t)
  const telling = async (telegram: string, webhook?: string) => {
    const url = webhook === undefined ? {} : { webhook: { url: webhook } }
    const notify = { telegram: { token: '9:secret-token', chat: '@shop', apiRoot: telegram }, ...url }
    const { found, report } = await examine(project, [], {
      ...NO_BROWSER,
      AUTOMATE_NOTIFY: JSON.stringify(notify),
    })
    t.notMatch(JSON.stringify(report), 'secret-')
    return found.get('notify')
  }

  server.otherwise = { status: 200, body: '{"ok":true,"result":{"id":1}}' }
  t.match(await telling(server.url, `${server.url}/secret-hook`), {
    status: 'ok',
    message: 'reached: Telegram, webhook',
  })
  t.strictSame(
    server.requests.map(({ method, path }) => `${method} ${path}`),
    ['GET /bot9:secret-token/getChat?chat_id=%40shop'],
    'the webhook got no request, and Telegram no message',
  )
  const dead = await closedPort()
  t.match(await telling(server.url, `${dead}/secret-hook`), {
    status: 'warning',
    message:
      'webhook: no service listens there: check the address, and that the service is running (ECONNREFUSED)',
    remedy: /wait until the channel responds/,
  })
  server.otherwise = telegramRefusal(401, 'Unauthorized')
  t.match(await telling(server.url), {
    status: 'problem',
    message: 'Telegram: Unauthorized',
    remedy: /@BotFather/,
  })
  server.otherwise = telegramRefusal(400, 'Bad Request: chat not found')
  t.match(await telling(server.url), { status: 'problem', message: /chat not found/, remedy: /\/start/ })
})

t.test('detects pages without fonts', { skip: process.platform !== 'linux' }, async t => {
  const fonts = join(newFolder(), 'fonts.conf')
  writeFileSync(fonts, '<?xml version="1.0"?><fontconfig></fontconfig>')
  const { found } = await examine(new JourneyProject(t, newFolder(), { workflows }), [], {
    FONTCONFIG_FILE: fonts,
  })
  t.match(found.get('fonts'), { status: 'problem', message: /boxes instead of letters/ })
})

t.test('names a running scheduler as the owner, and cleans up after its death', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows })
  const scheduler = await project.schedule()
  const during = await examine(project, ['--fix'], NO_BROWSER)
  t.match(during.found.get('owner'), {
    status: 'ok',
    message: new RegExp(`process ${scheduler.pid} is the scheduler`),
  })
  t.match(during.found.get('database'), { status: 'ok', message: /intact/ })
  await scheduler.kill()
  const stale = await examine(project, [], NO_BROWSER)
  t.match(stale.found.get('owner'), { status: 'warning', message: new RegExp(`process ${scheduler.pid}`) })
  const tidied = await examine(project, ['--fix'], NO_BROWSER)
  t.match(tidied.found.get('owner'), { status: 'ok', repaired: /removed the record of an ended owner/ })
  t.match(tidied.found.get('database'), { status: 'ok', message: /intact/ })
  t.notOk(existsSync(project.paths.owner))
})

t.test('without a project checks only the machine, in the language of the user', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows })
  const options = { cwd: newFolder(), env: { ...NO_BROWSER, LC_ALL: 'it_IT.UTF-8' } }
  const { code, stdout, stderr } = await project.run(['doctor'], options)
  t.equal(code, 4)
  t.match(stderr, "Qui non c'è un progetto")
  t.match(stdout, /^ok {8}Node/m)
  t.match(stdout, /^PROBLEMA {2}Browser .*\n +→ /m)
  t.match(stdout, /1 problema.*doctor --fix/)
  t.notMatch(stdout, 'Database')
})
