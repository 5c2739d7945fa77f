import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { ProjectPaths } from '../../lib/core/process/paths.ts'
import { SchedulerDocument } from '../../lib/model/worker/documents.ts'
import { readJsonIfExistsSync } from '../../lib/files/documents/atomic-json.ts'
import { readMigrations } from '../../lib/store/migrations/migrations-folder.ts'
import { Automate, automate } from '../helpers/program/automate.ts'
import { messageServer } from '../helpers/sites/message-server.ts'
import { LiveConsole } from '../helpers/terminal/live-console.ts'
import { openTestStore } from '../helpers/store/project.ts'
import { Installation, buildVersion } from '../helpers/program/two-versions.ts'
import { until } from '../helpers/until.ts'

// Two real packages with mostly different chunk names, and a scheduler whose package is replaced
// while jobs run.

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'automate-tui-upgrade-')))
t.teardown(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }))
const newFolder = (name: string) => {
  mkdirSync(join(folder, name))
  return join(folder, name)
}
const [builtA, builtB] = [newFolder('a'), newFolder('b')]
const known = readMigrations().length
const later = `${known + 1}`.padStart(4, '0')
buildVersion(builtA, '1.0.0')
buildVersion(builtB, '2.0.0', [`${later}-later.sql`, 'CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT;'])

const workflow = (isolation: string) => `import { defineWorkflow, z } from 'automate-tui'
export default defineWorkflow({
  name: 'post-${isolation}',
  isolation: '${isolation}',
  input: z.object({ url: z.string() }),
  result: z.string(),
}).phase('post', { timeout: '10m' }, async ({ input }) => {
  const answer = await fetch(input.url, { method: 'POST' })
  return answer.text()
}).phase('after', { timeout: '1m' }, ({ previous }) => previous)
`

t.test('a running scheduler upgrades with its package, and downgrades again', async t => {
  const newChunks = readdirSync(join(builtB, 'dist/chunks')).filter(name => name.endsWith('.js'))
  const oldChunks = new Set(readdirSync(join(builtA, 'dist/chunks')))
  t.ok(newChunks.filter(name => !oldChunks.has(name)).length > newChunks.length / 2)

  const posts = new Map<string, number>()
  const held: ServerResponse[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    posts.set(path, (posts.get(path) ?? 0) + 1)
    if (path.includes('long')) held.push(response)
    else response.end('done')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0

  const root = newFolder('project')
  mkdirSync(join(root, 'workflows'))
  writeFileSync(
    join(root, 'automate.config.js'),
    'export default { workers: 4, warmWorkers: 1, notify: { bell: true } }',
  )
  for (const isolation of ['page', 'process'])
    writeFileSync(join(root, 'workflows', `${isolation}.js`), workflow(isolation))
  const paths = new ProjectPaths(root)
  const installed = new Installation(newFolder('app'))
  installed.write(builtA)
  const start = (...args: readonly string[]) =>
    new Automate(t, args, { cwd: root, program: installed.program })
  const state = () => readJsonIfExistsSync(paths.schedulerState, SchedulerDocument)
  const scheduler = start('--no-tui', '--json')
  await scheduler.event('scheduling', ({ event, phase }) => event === 'scheduler' && phase === 'scheduling')

  const jobs: number[] = []
  /**
   * Queues jobs without the command line, which is missing during the replacement of the package.
   */
  const queue = async (name: string) => {
    const store = await openTestStore(t, paths, 'client')
    for (const isolation of ['page', 'process']) {
      const { id } = await store.call('jobs.enqueue', {
        workflow: `post-${isolation}`,
        input: { url: `http://127.0.0.1:${port}/${name}/${isolation}` },
        domains: [],
        workers: 1,
        priority: 0,
        retries: 3,
        origin: 'cli',
      })
      jobs.push(id)
    }
    await store.close()
  }
  const posted = (name: string) => [...posts.keys()].filter(path => path.startsWith(`/${name}/`)).length === 2

  await queue('before')
  await until('the first jobs', () => posted('before'))
  await queue('long')
  await until('the long jobs', () => posted('long'))
  await until('a warm worker', () => state()?.idle)

  installed.remove()
  await queue('gone')
  await until('the scheduler to notice', () => state()?.replaced?.version === null)
  installed.write(builtB, 3)
  await queue('half')
  installed.write(builtB)
  await until('the new version to be noticed', () => state()?.replaced?.version === '2.0.0')
  await queue('whole')
  t.equal(posts.size, 4, 'no job has begun since')
  t.equal(state()?.program, '1.0.0', 'running jobs may end first')
  for (const response of held) response.end('done')
  await until('the new version', () => state()?.program === '2.0.0')
  await until('the jobs that waited', () => posted('gone') && posted('half') && posted('whole'))
  if (process.platform !== 'win32') t.equal(state()?.pid, scheduler.pid, 'the process is the same')

  const store = await openTestStore(t, paths, 'client')
  const read = () => Promise.all(jobs.map(id => store.call('jobs.read', { id })))
  await until('all jobs', async () => (await read()).every(job => job?.endedAt !== null))
  for (const job of await read()) t.match(job, { state: 'succeeded', failures: 0 })
  t.strictSame(await store.call('crashes.list', {}), [])
  await store.close()
  t.strictSame(new Set(posts.values()), new Set([1]), 'each job has posted once')
  const backups = readdirSync(join(paths.data, 'backups'))
  t.equal(backups.length, 1, 'the database was copied before the migration')
  t.match(backups[0], new RegExp(`^before-2\\.0\\.0-migration-${known}-`))

  // The previous version does not know the database.
  installed.remove()
  installed.write(builtA)
  const notice = await scheduler.event(
    'the notice',
    line => line.event === 'notice' && JSON.stringify(line).includes('restart-failed'),
  )
  t.match(JSON.stringify(notice), `automate-tui db restore`)
  await queue('old')
  t.match(state(), { program: '2.0.0', phase: 'draining', replaced: { version: '1.0.0' } })
  scheduler.signal('SIGTERM')
  t.equal((await scheduler.ended).code, 0)
  const backup = join(paths.data, 'backups', backups[0] ?? '')
  const run = (...args: readonly string[]) => automate(t, args, { cwd: root, program: installed.program })
  const refused = await run('--no-tui')
  t.equal(refused.code, 4)
  t.match(refused.stderr, `automate-tui db restore "${backup}"`)
  t.equal((await run('db', 'restore', backup)).code, 0)
  const listed = await run('jobs', '--state', 'succeeded')
  t.equal(listed.code, 0, listed.stderr)
  t.match(listed.stdout, 'post-page')
})

const CONFIG_GOES = `import { rmSync } from 'node:fs'
rmSync(process.env.PACKAGE_PART, { force: true })
process.exit(1)
`

t.test('a command that begins during the replacement of the package does not blame the project', async t => {
  const installed = new Installation(newFolder('command-app'))
  installed.write(builtA)
  const root = newFolder('command-project')
  mkdirSync(join(root, 'workflows'))
  const { program } = installed
  const enqueue = (part: string) =>
    automate(t, ['enqueue', 'post-page'], { cwd: root, program, env: { PACKAGE_PART: part } })
  // The child that reads the configuration ends in the same way twice: with the complete package,
  // and with a package that is removed at that moment.
  writeFileSync(join(root, 'automate.config.js'), CONFIG_GOES)
  const own = await enqueue(join(root, 'none'))
  t.match(own, { code: 2, stderr: /automate\.config\.js cannot be used: it ended the process/ })
  const replaced = await enqueue(join(program, '../../build.json'))
  t.equal(replaced.code, 4)
  t.match(
    replaced.stderr,
    /^automate-tui: The project could not be read, because the package of automate-tui 1\.0\.0 is being replaced .*try again\.$/m,
  )
})

t.test('a console asks, and then is the new version in the same terminal', async t => {
  const installed = new Installation(newFolder('console-app'))
  installed.write(builtA)
  const root = newFolder('console-project')
  mkdirSync(join(root, 'workflows'))
  writeFileSync(join(root, 'automate.config.js'), 'export default { workers: 1, warmWorkers: 0 }')
  const paths = new ProjectPaths(root)
  const version = () => readJsonIfExistsSync(paths.schedulerState, SchedulerDocument)?.program
  const console = new LiveConsole(t, ['--root', root], [100, 30], {}, installed.program)
  await until('the first version', () => version() === '1.0.0')
  installed.remove()
  installed.write(builtB)
  await console.see('automate-tui 2.0.0 was installed. Restart into it?')
  console.press('down', 'enter')
  await until('the second version', () => version() === '2.0.0')
  await console.see('scheduling')
  console.press('q')
  if (process.platform !== 'win32') await console.see('code 0')
})

const JUMPS = new URL('../fixtures/preload/jumps-ten-minutes-at-signal.ts', import.meta.url).href

t.test(
  'reports a removed package, and its scheduler exits after its jobs',
  { skip: process.platform === 'win32' && 'needs SIGUSR2' },
  async t => {
    const held: ServerResponse[] = []
    const site = createServer((_request, response) => held.push(response))
    await new Promise<void>(resolve => site.listen(0, '127.0.0.1', resolve))
    t.teardown(() => site.close())
    const address = site.address()
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0
    const messages = await messageServer(t)
    messages.otherwise = { status: 200 }
    const root = newFolder('removed-project')
    mkdirSync(join(root, 'workflows'))
    writeFileSync(join(root, 'workflows/process.js'), workflow('process').replace("'10m'", "'2h'"))
    writeFileSync(
      join(root, 'automate.config.js'),
      `export default { workers: 1, warmWorkers: 0, notify: { webhook: { url: '${messages.url}/hook' } } }`,
    )
    const paths = new ProjectPaths(root)
    const state = () => readJsonIfExistsSync(paths.schedulerState, SchedulerDocument)
    const installed = new Installation(newFolder('removed-app'))
    installed.write(builtA)
    const { program } = installed
    const scheduler = new Automate(t, ['--no-tui'], {
      ...{ cwd: root, program },
      env: { NODE_OPTIONS: `--import ${JUMPS}` },
    })
    await until('a scheduler', () => state()?.phase === 'scheduling')
    const input = ['--input', `url=http://127.0.0.1:${port}/`]
    t.equal((await automate(t, ['enqueue', 'post-process', ...input], { cwd: root, program })).code, 0)
    await until('the job to run', () => held.length === 1)

    installed.remove()
    await scheduler.says('The package of automate-tui is being replaced, or was removed')
    await until('its document', () => state()?.replaced?.version === null)
    const status = await automate(t, ['status'], { cwd: root })
    t.match(
      status.stdout,
      /The package of automate-tui 1\.0\.0, which is running, is being replaced or was removed/,
    )
    const watching = new LiveConsole(t, ['--root', root, '--read-only'], [100, 30])
    await watching.see('package missing')
    scheduler.signal('SIGUSR2')
    await messages.arrived(1)
    t.match(JSON.parse(messages.requests[0]?.body ?? ''), {
      notice: { kind: 'package-removed', version: '1.0.0' },
      text: /Install automate-tui again/,
    })
    t.equal(state()?.active, 1, 'the job continues')
    for (const response of held) response.end('done')
    const { code, stderr } = await scheduler.ended
    t.equal(code, 4)
    t.match(stderr, /The package of automate-tui 1\.0\.0 was removed while its scheduler ran.*Install/)
    const store = await openTestStore(t, paths, 'transient')
    t.match(await store.call('jobs.list', {}), [{ state: 'succeeded', failures: 0 }])
  },
)
