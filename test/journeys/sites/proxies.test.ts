import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { ProxyFault } from '../../../lib/model/proxy/proxy.ts'
import { filesWith, processesWith } from '../../helpers/leak-scan.ts'
import { ForwardProxy } from '../../helpers/sites/forward-proxy.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { closedPort } from '../../helpers/sites/closed-port.ts'
import { newFolder, openTestStore } from '../../helpers/store/project.ts'
import { protectedSite } from '../../helpers/sites/protected-site.ts'
import { WaitReason } from '../../../lib/model/job/wait-reason.ts'
import { until } from '../../helpers/until.ts'

const PASSWORD = 'hunter2-of-the-proxy'
const SITE_PASSWORD = 'hunter2-of-the-site'
const LOGIN = { username: 'ann', password: PASSWORD }

const JOBS = 4

const HOUR_MS = 3_600_000

const Jobs = z.array(
  z.object({
    id: z.int(),
    state: z.string(),
    attempt: z.int(),
    failures: z.int(),
    errorMessage: z.string().nullable(),
    waitReason: WaitReason.nullable(),
  }),
)
const Crashes = z.array(
  z.object({ message: z.string(), artefacts: z.array(z.object({ kind: z.string(), path: z.string() })) }),
)
const Health = z.array(
  z.object({
    id: z.string(),
    state: z.string(),
    successes: z.int(),
    failures: z.int(),
    lastError: z.string().nullable(),
    lastFault: ProxyFault.nullable(),
  }),
)

/** Makes a project with proxies in its `.env`, which no process inherits. */
function projectWith(
  t: { teardown(end: () => unknown): unknown },
  proxies: readonly string[],
  env: Readonly<Record<string, string>> = {},
): JourneyProject {
  const lines = Object.entries({ AUTOMATE_PROXIES: proxies.join(','), ...env }).map(
    ([name, value]) => `${name}='${value}'`,
  )
  return new JourneyProject(t, newFolder(), { workers: 2, files: { '.env': lines.join('\n') } })
}

t.test('a dead, a refusing and a hanging proxy cost attempts, but no job its result', async t => {
  const start = (options = {}) => ForwardProxy.start(t, { credentials: LOGIN, ...options })
  const [good, dying, refusing, hanging] = await Promise.all([
    start(),
    start(),
    start({ credentials: { username: 'ann', password: 'another' } }),
    start({ hangs: true }),
  ])
  const site = await protectedSite(t, LOGIN)
  const refused = refusing.url.replace('another', PASSWORD)
  const project = projectWith(t, [dying.url, good.url, refused, hanging.url])
  const gate = join(project.root, 'gate')
  const store = await openTestStore(t, project.paths, 'transient')
  for (let n = 0; n < JOBS; n++) {
    // The first job waits at a gate while its proxy dies.
    const input = { url: `${site.origin}/page/${n}`, ...(n === 0 ? { gate } : {}) }
    await store.call('jobs.enqueue', {
      workflow: 'through-proxy',
      input,
      workers: 1,
      retries: 0,
      origin: 'test',
    })
  }
  await store.close()
  const scheduler = project.start(['--no-tui', '--json', '--until-idle'])
  await until('a page through the dying proxy', () => dying.counts.authenticated > 0)
  await dying.die()
  writeFileSync(gate, '')
  t.equal((await scheduler.ended).code, 0)

  const jobs = await project.ask(Jobs, 'jobs')
  t.strictSame(
    jobs.map(({ state, failures }) => ({ state, failures })),
    jobs.map(() => ({ state: 'succeeded', failures: 0 })),
  )
  const pages = Array.from({ length: JOBS }, (_, n) => `/page/${n}`)
  t.strictSame(
    pages.filter(page => !site.served.includes(page)),
    [],
  )
  t.strictSame(site.direct, [])

  const health = new Map((await project.ask(Health, 'proxies')).map(one => [one.id.replace(/#.*/, ''), one]))
  t.match(health.get(good.address), { state: 'healthy' })
  t.match(health.get(refusing.address), {
    state: /cooling|trial/,
    successes: 0,
    lastError: /rejected the user name/,
    lastFault: { kind: 'refuses' },
  })
  t.match(health.get(hanging.address), {
    state: /cooling|trial/,
    successes: 0,
    lastError: /did not answer/,
    lastFault: { kind: 'silent' },
  })
  const italian = (await project.run(['proxies', '--language', 'it'])).stdout
  t.match(italian, /rifiuta nome utente e password \(407\): correggili in "proxies"$/m)
  t.match(italian, /non ha risposto entro \d+ s$/m)
  t.notMatch(italian, /did not|refused/)
  const crashes = await project.ask(Crashes, 'crashes')
  const refusal = crashes.find(({ message }) => message.includes('rejected the user name'))
  const picture = refusal?.artefacts.find(({ kind }) => kind === 'screenshots')?.path ?? 'no picture'
  t.match(picture, /\.png$/, 'the page of a refusal still responds')
  t.ok(existsSync(join(project.root, picture)))
  t.strictSame(filesWith(project.root, PASSWORD), ['.env'])
})

t.test('a job whose proxies all cool down waits, shows that, and never connects directly', async t => {
  const site = await protectedSite(t, LOGIN)
  const address = await closedPort()
  const project = projectWith(t, [address])
  const store = await openTestStore(t, project.paths, 'transient')
  const error = 'it was down in the last run'
  await store.call('proxies.fail', { id: address, error, streak: 1, coolUntil: Date.now() + HOUR_MS })
  await store.close()
  const scheduler = await project.schedule()
  const id = await project.enqueue('through-proxy', { url: `${site.origin}/proxied` })
  const waiting = await until('the job to wait', async () =>
    (await project.ask(Jobs, 'jobs')).find(({ waitReason }) => waitReason !== null),
  )
  t.match(waiting, { state: 'queued', attempt: 0, waitReason: { why: 'cooling', proxies: 1 } })
  t.match(
    (await project.run(['jobs', '--language', 'it'])).stdout,
    /aspetta un proxy: l'unico disponibile non/,
  )
  const detail = await project.run(['jobs', String(id), '--language', 'it'])
  t.match(detail.stdout, /^perché +aspetta un proxy: l'unico disponibile .*; nuovo controllo: /m)
  t.match(await project.ask(Health, 'proxies'), [{ state: 'cooling', failures: 1, lastError: error }])
  const { stdout } = await project.run(['logs', '--json'])
  t.match(stdout, new RegExp(`Job ${id} waits for a proxy`))
  const tested = await project.run(['proxies', 'test', '--url', site.origin, '--json'])
  t.match(JSON.parse(tested.stdout), [{ state: 'unreachable', why: /cannot be reached/ }])
  const italian = await project.run(['proxies', 'test', '--url', site.origin, '--language', 'it'])
  t.match(italian.stdout, /irraggiungibile +\d+ ms +irraggiungibile \(ECONNREFUSED\)$/m)
  t.strictSame(site.served, [])

  const direct = await project.run([
    'run',
    'through-proxy',
    '--input',
    `url=${site.origin}/direct`,
    '--proxy',
    'none',
  ])
  t.equal(direct.code, 0)
  t.ok(site.served.includes('/direct'))
  t.notOk(site.served.includes('/proxied'))
  const secret = await project.run([
    'enqueue',
    'through-proxy',
    '--input',
    `url=${site.origin}`,
    '--proxy',
    `http://a:${PASSWORD}@b:1`,
  ])
  t.equal(secret.code, 2)
  t.match(secret.stderr, /all users of this machine can read in the arguments/)
  t.notMatch(secret.stderr, PASSWORD)
  await scheduler.kill()
})

t.test('a proxy added to the configuration at run time is used after a restart of the scheduler', async t => {
  const known = await closedPort()
  const added = await closedPort()
  const project = projectWith(t, [known])
  const scheduler = await project.schedule()
  writeFileSync(join(project.root, '.env'), `AUTOMATE_PROXIES='${known},${added}'`)
  await scheduler.says('takes effect after a restart of the scheduler: proxies')
  const job = ['enqueue', 'through-proxy', '--input', 'url=http://127.0.0.1:9/', '--proxy', added]
  t.equal((await project.run(job)).code, 0)
  const refused = await until('the job to be refused', async () =>
    (await project.ask(Jobs, 'jobs')).find(({ errorMessage }) => errorMessage !== null),
  )
  const no = `The running scheduler has no proxy ${added}. "automate-tui proxies" lists the proxies of the present configuration.`
  t.match(refused.errorMessage, no)
  t.match(
    refused.errorMessage,
    /A change of "proxies" takes effect after a restart of the scheduler\. Then retry/,
  )
  t.match(
    (await project.ask(Health, 'proxies')).map(({ id }) => id),
    [known, added],
  )
  await scheduler.kill()
})

t.test('entries that differ only in their password are a proxy each, in any order', async t => {
  const sessions = ['pw11_country-de_session-aaaa', 'pw11_country-fr_session-bbbb', 'pw11_country-it']
  const [password = '', ...passwords] = sessions
  const proxy = await ForwardProxy.start(t, { credentials: { username: 'customer', password }, passwords })
  const site = await protectedSite(t, LOGIN)
  const project = projectWith(t, proxy.urls)
  const store = await openTestStore(t, project.paths, 'transient')
  for (const n of sessions.keys()) {
    const input = { url: `${site.origin}/page/${n}` }
    await store.call('jobs.enqueue', {
      ...{ workflow: 'through-proxy', input, workers: 1, retries: 0, origin: 'test' },
    })
  }
  await store.close()
  t.equal((await project.start(['--no-tui', '--json', '--until-idle']).ended).code, 0)
  t.strictSame([...proxy.usedPasswords].sort(), sessions)

  const health = await project.ask(Health, 'proxies')
  t.strictSame(
    health.map(({ successes }) => successes),
    [1, 1, 1],
  )
  t.notMatch(JSON.stringify(health), /pw11|country/)
  writeFileSync(join(project.root, '.env'), `AUTOMATE_PROXIES='${proxy.urls.toReversed().join(',')}'`)
  t.strictSame(await project.ask(Health, 'proxies'), health.toReversed())

  const ids = health.map(({ id }) => id)
  const run = (name: string) =>
    project.run(['worker', 'through-proxy', '--input', `url=${site.origin}`, '--proxy', name])
  for (const [index, session] of sessions.entries()) {
    proxy.usedPasswords.clear()
    t.match(await run(ids[index] ?? ''), { code: 0 })
    t.strictSame([...proxy.usedPasswords], [session])
  }
  t.match(await run(ids[0]?.replace(/-[0-9a-f]+$/, '') ?? ''), { code: 0 }, 'any of one user name')
})

const skip = process.platform !== 'linux' && 'only Linux shows the environment of other processes'

t.test(
  'no secret is in a file, an argument or an inherited environment while a worker runs',
  { skip },
  async t => {
    const proxy = await ForwardProxy.start(t, { credentials: LOGIN })
    const site = await protectedSite(t, { username: 'bob', password: SITE_PASSWORD })
    const credentials = JSON.stringify([
      { origin: site.origin, username: 'bob', passwordEnv: 'SHOP_PASSWORD' },
    ])
    const project = projectWith(t, [], { AUTOMATE_CREDENTIALS: credentials })
    const env = { AUTOMATE_PROXIES: proxy.url, SHOP_PASSWORD: SITE_PASSWORD }
    const gate = join(project.root, 'gate')
    const scheduler = project.start(['--no-tui', '--json'], { env })
    await scheduler.event('scheduling', ({ event, phase }) => event === 'scheduler' && phase === 'scheduling')
    const id = await project.enqueue('through-proxy', { url: `${site.origin}/private/page`, gate })
    await project.atStep(id, 'gate')
    t.strictSame(
      site.served.filter(path => path.startsWith('/private')),
      ['/private/page'],
    )
    for (const secret of [PASSWORD, SITE_PASSWORD, `ann:${PASSWORD}`, `bob:${SITE_PASSWORD}`]) {
      t.strictSame(filesWith(project.root, secret), [], secret)
      t.strictSame(
        processesWith(secret).filter(pid => pid !== scheduler.pid),
        [],
        secret,
      )
    }
    writeFileSync(gate, '')
    await until('the end', async () =>
      (await project.ask(Jobs, 'jobs')).find(({ state }) => state === 'succeeded'),
    )
    for (const command of [['config'], ['proxies', '--json']]) {
      const { stdout, stderr, code } = await project.run(command, { env })
      t.equal(code, 0, command.join(' '))
      t.notMatch(`${stdout}${stderr}`, /hunter2/, command.join(' '))
      if (command[0] === 'config')
        t.match(stdout, /proxies\s+\["http:\/\/•••@127[^]*"origin"[^]*SHOP_PASSWORD/)
    }
    await scheduler.kill()
  },
)

t.test('reads proxies from a file at each change, and from a function in its own process', async t => {
  const [one, two] = await Promise.all([ForwardProxy.start(t, { credentials: LOGIN }), ForwardProxy.start(t)])
  const site = await protectedSite(t, LOGIN)
  const project = projectWith(t, ['proxies.txt'])
  const file = join(project.root, 'proxies.txt')
  writeFileSync(file, `# of this month\n${one.url}\n`)
  const run = (path: string, ...more: string[]) =>
    project.run(['run', 'through-proxy', '--input', `url=${site.origin}${path}`, '--proxy', 'any', ...more])
  const scheduler = await project.schedule()
  t.equal((await run('/one')).code, 0)
  writeFileSync(file, two.url)
  t.equal((await run('/two')).code, 0)
  t.ok(one.counts.authenticated > 0 && two.counts.authenticated > 0)
  await scheduler.kill()

  rmSync(join(project.root, '.env'))
  const config = (body: string) =>
    writeFileSync(
      join(project.root, 'automate.config.ts'),
      `export default { workflows: ${JSON.stringify([join(import.meta.dirname, '../../fixtures/journeys')])}, proxies: ${body} }\n`,
    )
  config(`async () => ['${one.url}']`)
  const before = one.counts.authenticated
  t.equal((await project.run(['worker', 'through-proxy', '--input', `url=${site.origin}/three`])).code, 0)
  t.ok(one.counts.authenticated > before)
  config(`() => { throw new Error('the provider is down') }`)
  const broken = await project.run(['proxies'])
  t.match(broken, { code: 2, stderr: /function "proxies"[^]*the provider is down/ })
  config(`['socks5://ann:${PASSWORD}@127.0.0.1:1080']`)
  const socks = await project.run(['config'])
  t.match(socks, {
    code: 2,
    stderr:
      /"proxies" in automate.config.ts: must be proxies, but entry 1 [^]*cannot log in to a SOCKS5 proxy/,
  })
  t.notMatch(socks.stderr, PASSWORD)
})
