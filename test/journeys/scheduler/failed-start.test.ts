import { existsSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { SchedulerDocument } from '../../../lib/model/worker/documents.ts'
import { readJsonIfExistsSync } from '../../../lib/files/documents/atomic-json.ts'
import { FileDatabase } from '../../../lib/store/engine/database.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { messageServer } from '../../helpers/sites/message-server.ts'
import { newFolder } from '../../helpers/store/project.ts'

t.test('a restarted scheduler that cannot start notifies the channels and fails', async t => {
  const server = await messageServer(t)
  server.otherwise = { status: 200 }
  const project = new JourneyProject(t, newFolder())
  await project.enqueue('succeeds-late', { at: 1 })
  const database = await FileDatabase.open(project.paths.database)
  database.run(`INSERT INTO migrations SELECT number + 1, 'later.sql', checksum, applied_at
    FROM migrations ORDER BY number DESC LIMIT 1`)
  database.close()
  const start = (more: Readonly<Record<string, string>>) =>
    project.run(['--no-tui'], {
      env: { AUTOMATE_NOTIFY: JSON.stringify({ webhook: { url: `${server.url}/hook` } }), ...more },
    })

  // The previous version passes its state in the environment, because the system executes the new
  // version in the place of the previous one.
  const { code, stderr } = await start({
    RESTARTED_AUTOMATE_TUI: JSON.stringify({ from: '0.9.0', failed: 0 }),
  })
  t.equal(code, 4, stderr)
  t.equal(server.requests.length, 1)
  const sent = z
    .object({ text: z.string(), notice: z.unknown() })
    .parse(JSON.parse(server.requests[0]?.body ?? ''))
  t.match(sent.notice, {
    kind: 'restart-failed',
    from: '0.9.0',
    reason: /^The scheduler has ended\. Fix this problem, .*newer/,
  })
  t.match(sent.text, /automate-tui/)

  t.equal((await start({})).code, 4)
  t.equal(server.requests.length, 1, 'an ordinary start reports only to its terminal')
})

t.test('a scheduler that cannot open its log exits and frees the project for the next one', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows: ['succeeds-late'], workers: 1 })
  const logs = join(project.root, 'logs')
  writeFileSync(logs, 'a file in the place of the folder')
  for (const args of [['--no-tui'], ['run', 'succeeds-late', '--input', 'at=1']]) {
    const { code, signal, stderr } = await project.run(args)
    t.match({ code, signal }, { code: 4, signal: null }, args.join(' '))
    t.match(
      stderr,
      /^automate-tui: E.*A file is in the place of a folder: move the file away, and try again\.\n$/s,
    )
    t.notOk(existsSync(project.paths.owner), 'no owner of the database remains')
  }

  rmSync(logs)
  t.match(await project.run(['--no-tui', '--until-idle']), { code: 0 })
})

t.test('an unreadable state folder ends the scheduler', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows: ['succeeds-late'], workers: 1 })
  writeFileSync(join(project.paths.state, 'services'), 'a file in the place of the folder')
  t.match(await project.run(['--no-tui']), { code: 4, stderr: 'A file is in the place of a folder' })
})

t.test('a scheduler that fails after its first parts have started stops them and exits', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows: ['succeeds-late'], workers: 1 })
  const job = await project.enqueue('succeeds-late', { at: 1 })
  const database = await FileDatabase.open(project.paths.database)
  database.run(`CREATE TRIGGER no_schedule BEFORE INSERT ON schedules
    BEGIN SELECT RAISE(ABORT, 'no row is taken'); END`)
  database.close()
  const config = {
    workflows: ['journeys'],
    schedules: [{ name: 'hourly', workflow: 'succeeds-late', input: { at: 1 }, every: '1h' }],
  }
  writeFileSync(join(project.root, 'automate.config.ts'), `export default ${JSON.stringify(config)}\n`)
  t.match(await project.run(['--no-tui']), { code: 70, signal: null, stderr: 'no row is taken' })
  t.match(readJsonIfExistsSync(project.paths.schedulerState, SchedulerDocument), { phase: 'stopped' })
  const { state } = await project.ask(z.object({ state: z.string() }), 'jobs', String(job))
  t.not(state, 'running', 'no job runs under the ended scheduler')
})

t.test('names a folder that links to an unmounted disk, and does not treat it as empty', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows: ['succeeds-late'], workers: 1 })
  const named = (name: string) => ({
    code: 4,
    stdout: /^$/,
    stderr: `automate-tui: ${join(project.root, name)} is a link to `,
  })
  rmSync(join(project.root, 'data'), { recursive: true, force: true })
  symlinkSync(join(project.root, 'no-disk'), join(project.root, 'data'), 'junction')
  const commands = ['--no-tui', 'enqueue succeeds-late --input at=1', 'status', 'jobs', 'db check']
  for (const command of commands) t.match(await project.run(command.split(' ')), named('data'), command)
  const { stdout } = await project.run(['doctor', '--json'], {
    env: { AUTOMATE_BROWSER: '/no/such/browser' },
  })
  t.match(stdout, /"folders",\s*"status": ?"problem",\s*"message": ?"[^"]*data is a link to /)

  for (const name of ['data', 'logs']) rmSync(join(project.root, name), { recursive: true })
  symlinkSync(join(project.root, 'no-disk'), join(project.root, 'logs'), 'junction')
  for (const command of ['--no-tui', 'logs']) t.match(await project.run([command]), named('logs'), command)
})

t.test('a command exits also if a resource is still open', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows: ['succeeds-late'], workers: 1 })
  const preload = new URL('../../fixtures/preload/never-idle.ts', import.meta.url).href
  const env = { NODE_OPTIONS: `--import=${preload}` }
  t.match(await project.run(['jobs'], { env }), { code: 0, signal: null, stdout: 'No jobs.' })
  t.match(await project.run(['jobs', '77'], { env }), { code: 2, signal: null, stdout: /^$/ })
})
