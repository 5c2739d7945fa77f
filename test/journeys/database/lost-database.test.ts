import { existsSync, readFileSync, readdirSync, renameSync, rmSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { z } from 'zod'
import { FileDatabase } from '../../../lib/store/engine/database.ts'
import { JobSummary } from '../../../lib/model/job/job.ts'
import { untilGone } from '../../helpers/processes/alive.ts'
import { automate } from '../../helpers/program/automate.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { TELEGRAM_OK, messageServer, telegramRefusal } from '../../helpers/sites/message-server.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'
import { gatedSite } from '../../helpers/processes/worker-run.ts'

/** The fixtures that the tests use. */
const workflows = ['succeeds-late', 'visits']

const KOFFI_DOES_NOT_LOAD = new URL('../../fixtures/preload/koffi-does-not-load.ts', import.meta.url).href

t.test(
  'a scheduler whose database is moved away ends its workers and reports it; the next one finishes',
  async t => {
    const site = await gatedSite('<h1>Shop</h1>')
    t.teardown(site.close)
    const project = new JourneyProject(t, newFolder(), { workflows })
    const job = await project.enqueue('visits', { url: `${site.url}/gate-1`, n: 1 })
    // Without kernel locks a folder next to the database marks its owner, and any process may
    // remove that folder.
    const env = { NODE_OPTIONS: `--import ${KOFFI_DOES_NOT_LOAD}` }
    const scheduler = project.start(['--no-tui', '--json'], { env })
    const { pid } = await project.atStep(job, 'page 1')
    rmdirSync(`${project.paths.database}.lock`)
    const { code, stderr } = await scheduler.ended
    t.equal(code, 4)
    t.match(stderr, /The scheduler lost its database: .*Start the scheduler again/)
    await untilGone([pid])

    const next = project.start(['--no-tui', '--until-idle'])
    await site.open('/gate-1')
    t.match(await next.ended, { code: 0 })
    t.match(await project.ask(z.array(JobSummary), 'jobs'), [{ id: job, state: 'succeeded', attempt: 2 }])
  },
)

t.test('a damaged database is notified with its newest intact backup, and waits for a person', async t => {
  const server = await messageServer(t)
  server.otherwise = { status: 200 }
  const project = new JourneyProject(t, newFolder(), { workflows })
  const { database } = project.paths
  const env = { AUTOMATE_NOTIFY: JSON.stringify({ webhook: { url: `${server.url}/hook` } }) }
  await project.enqueue('succeeds-late', { at: 1 })
  const start = (...more: string[]) => project.run(['--no-tui', '--until-idle', ...more], { env })
  const old = await FileDatabase.open(database)
  old.run('UPDATE migrations SET applied_at = 0')
  old.close()
  // The first round of the janitor makes the daily backup.
  const scheduler = project.start(['--no-tui', '--json'], { env })
  const folder = join(project.paths.data, 'backups')
  const backup = join(
    folder,
    await until('a backup', () => namesIn(folder).find(name => name.endsWith('.db'))),
  )
  scheduler.signal('SIGKILL')
  await scheduler.ended
  const requests = server.requests.length
  for (const part of ['-wal', '-journal']) rmSync(`${database}${part}`, { force: true })
  const damaged = readFileSync(database).fill('x', 4096)
  writeFileSync(database, damaged)

  for (const again of [false, true]) {
    const { code, stderr } = await start()
    t.equal(code, 5)
    t.match(stderr, /is damaged and was not changed.*db restore <file>.*db new/)
    t.ok(stderr.includes(`Newest intact backup: ${backup}`), stderr)
    t.equal(server.requests.length, requests + 1, again ? 'once for the same damage' : 'at once')
  }
  const sent = z
    .object({ text: z.string(), notice: z.unknown() })
    .parse(JSON.parse(server.requests.at(-1)?.body ?? ''))
  t.match(sent.notice, { kind: 'database-damaged', path: database, backup })
  t.match(sent.text, /The database is damaged: the scheduler has stopped/)
  t.equal((await project.run(['status'])).code, 5)
  t.equal((await project.run(['enqueue', 'succeeds-late', '--input', 'at=1'])).code, 5)
  t.ok(readFileSync(database).equals(damaged), 'the database is unchanged')

  const restored = await project.run(['db', 'restore', backup])
  t.equal(restored.code, 0, restored.stderr)
  t.match(restored.stdout, /The database was restored from .*cannot be read.*kept as .*\.damaged-/s)
  t.match(await project.ask(z.array(JobSummary), 'jobs'), [{ workflow: 'succeeds-late' }])
})

/** Makes a project with a database that is damaged from its first page on. */
async function damagedProject(t: Test): Promise<JourneyProject> {
  const project = new JourneyProject(t, newFolder(), { workflows })
  await project.enqueue('succeeds-late', { at: 1 })
  writeFileSync(project.paths.database, 'x'.repeat(8_192))
  return project
}

t.test('a damaged database with unreadable backups is not reported as having none', async t => {
  const server = await messageServer(t)
  server.otherwise = { status: 200 }
  const project = await damagedProject(t)
  const folder = join(project.paths.data, 'in-the-way')
  writeFileSync(folder, '')
  const env = {
    AUTOMATE_BACKUP_FOLDER: folder,
    AUTOMATE_NOTIFY: JSON.stringify({ webhook: { url: `${server.url}/hook` } }),
  }
  const start = (language: string) =>
    project.run(['--no-tui', '--until-idle'], { env: { ...env, AUTOMATE_LANGUAGE: language } })
  const { code, stderr } = await start('en')
  t.equal(code, 5)
  const unread =
    /The daily backups in .*in-the-way could not be read \(ENOTDIR: .*look there before you decide/
  t.match(stderr, unread)
  t.notMatch(stderr, 'There is no intact backup')
  const sent = z
    .object({ text: z.string(), notice: z.unknown() })
    .parse(JSON.parse(server.requests.at(-1)?.body ?? ''))
  t.match(sent.text, unread)
  t.match(sent.notice, { kind: 'database-damaged', backup: null, unread: { folder, reason: /^ENOTDIR: / } })
  t.match((await start('it')).stderr, /Le copie giornaliere in .*in-the-way non sono leggibili/)
})

t.test(
  'a channel that accepted the notice of damage is not notified again after another one failed',
  async t => {
    const [hook, telegram] = [await messageServer(t), await messageServer(t)]
    hook.otherwise = { status: 200 }
    telegram.otherwise = telegramRefusal(401, 'Unauthorized')
    const project = await damagedProject(t)
    const env = {
      TELEGRAM: 'one:token',
      AUTOMATE_NOTIFY: JSON.stringify({
        webhook: { url: `${hook.url}/hook` },
        telegram: { tokenEnv: 'TELEGRAM', chat: 5, apiRoot: telegram.url },
      }),
    }
    const start = () => project.run(['--no-tui', '--until-idle'], { env })
    const requests = () => [hook.requests.length, telegram.requests.length]
    t.match(await start(), { code: 5, stderr: /The channel telegram was not notified: / })
    t.strictSame(requests(), [1, 1])
    t.match(await start(), { code: 5, stderr: /The channel telegram was not notified: / })
    t.strictSame(requests(), [1, 2], 'only the other channel is notified again')
    telegram.otherwise = TELEGRAM_OK
    for (const last of [false, true]) {
      const { code, stderr } = await start()
      t.equal(code, 5)
      t.notMatch(stderr, 'was not notified')
      t.strictSame(requests(), [1, 3], last ? 'once for the same damage' : 'once it takes messages')
    }
  },
)

t.test(
  'a scheduler whose database file is removed saves its jobs, notifies, and exits',
  { skip: process.platform === 'win32' && 'an open file keeps its name' },
  async t => {
    const server = await messageServer(t)
    server.otherwise = { status: 200 }
    const project = new JourneyProject(t, newFolder(), { workflows: ['keeps', 'succeeds-late', 'visits'] })
    const { database, data } = project.paths
    const env = { AUTOMATE_NOTIFY: JSON.stringify({ webhook: { url: `${server.url}/hook` } }) }
    const job = await project.enqueue('succeeds-late', { at: 1 })
    const scheduler = project.start(['--no-tui', '--json'], { env })
    await scheduler.event('scheduling', ({ event, phase }) => event === 'scheduler' && phase === 'scheduling')
    rmSync(database)
    const { code, stderr } = await scheduler.ended
    t.equal(code, 5)
    t.match(stderr, /was removed or replaced while it was in use.*db restore "/)
    const log = readFileSync(join(project.paths.logs('console', new Date()), 'console.log'), 'utf8')
    t.match(log, /was removed or replaced while it was in use/)
    const sent = z.object({ notice: z.unknown() }).parse(JSON.parse(server.requests.at(-1)?.body ?? ''))
    t.match(sent.notice, { kind: 'database-removed', path: database, copy: /automate\.db\.replaced-/ })
    t.equal((await project.run(['--no-tui', '--until-idle'])).code, 5, 'no empty database is created')
    const copy = readdirSync(data).find(name => name.startsWith('automate.db.replaced-')) ?? ''
    const restored = await project.run(['db', 'restore', join(data, copy)])
    t.equal(restored.code, 0, restored.stderr)
    t.match(await project.ask(z.array(JobSummary), 'jobs'), [{ id: job }])
  },
)

t.test(
  'a project that is renamed under its scheduler leaves nothing behind, and can be renamed back',
  { skip: process.platform === 'win32' && 'a folder of open files keeps its name' },
  async t => {
    const site = await gatedSite('<h1>Shop</h1>')
    t.teardown(site.close)
    const project = new JourneyProject(t, newFolder(), { workflows: ['visits'] })
    const job = await project.enqueue('visits', { url: `${site.url}/gate-1`, n: 1 })
    const scheduler = await project.schedule()
    const { pid } = await project.atStep(job, 'page 1')
    const renamed = `${project.root}-renamed`
    t.teardown(() => rmSync(renamed, { recursive: true, force: true }))
    renameSync(project.root, renamed)
    const { code, stderr } = await scheduler.ended
    t.equal(code, 5)
    t.match(stderr, /The project folder .* was moved or removed while it was in use\. Move it back, or start/)
    t.notMatch(stderr, /intact backup|db restore/)
    await untilGone([pid])
    t.strictSame(everythingIn(project.root), [])

    renameSync(renamed, project.root)
    const next = project.start(['--no-tui', '--until-idle'])
    await site.open('/gate-1')
    t.match(await next.ended, { code: 0 })
    t.match(await project.ask(z.array(JobSummary), 'jobs'), [{ id: job, state: 'succeeded', attempt: 2 }])
  },
)

t.test('a command that only reads creates no database and no folder', async t => {
  const root = newFolder()
  writeFileSync(join(root, 'automate.config.ts'), 'export default {}')
  const project = { run: (args: readonly string[]) => automate(t, args, { cwd: root }) }
  for (const command of [
    ...['status', 'jobs', 'crashes', 'services', 'logs', 'schedules', 'sessions', 'proxies', 'notify'],
    ...['db tables', 'db check', 'config'],
  ]) {
    const { code, stderr } = await project.run(command.split(' '))
    t.equal(code, 0, `${command}: ${stderr}`)
    t.strictSame(readdirSync(root), ['automate.config.ts'], command)
  }
  for (const command of [
    ...['report 1', 'crashes 1', 'crashes 1 --bundle', 'jobs 1', 'takeover', 'picture worker'],
    ...['sessions', 'notify test', 'proxies test', 'autostart status', 'db rows jobs', 'db backup copy.db'],
  ]) {
    const other = newFolder()
    writeFileSync(join(other, 'automate.config.ts'), 'export default {}')
    const { code, stderr } = await automate(t, command.split(' '), { cwd: other })
    t.ok(code === 0 || code === 2, `${command}: ${stderr}`)
    t.strictSame(readdirSync(other), ['automate.config.ts'], command)
  }
  const { stdout } = await automate(t, ['doctor'], {
    cwd: root,
    env: { AUTOMATE_BROWSER: join(root, 'no-browser') },
  })
  t.match(stdout, /ok +Database +there is none yet/)
  t.notMatch(stdout, /PROBLEM +(Kernel lock|Leftovers|Folders)/)
  t.strictSame(readdirSync(root), ['automate.config.ts'], 'doctor creates nothing')
})

/**
 * Returns the paths of a folder and of all files and folders in it. Empty if the folder does not
 * exist.
 */
function everythingIn(folder: string): string[] {
  return existsSync(folder) ? [folder, ...readdirSync(folder, { recursive: true, encoding: 'utf8' })] : []
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : []
}
