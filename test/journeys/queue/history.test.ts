import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { Job } from '../../../lib/model/job/job.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { gatedSite } from '../../helpers/processes/worker-run.ts'

const workflows = ['fails', 'succeeds-late', 'visits']

t.test('events before a start are not reported again, and do not affect the exit code', async t => {
  const site = await gatedSite('<h1>Shop</h1>')
  t.teardown(site.close)
  const project = new JourneyProject(t, newFolder(), { workflows })
  const fails = await project.enqueue('fails', { how: 'throws', url: site.url })
  t.equal((await project.start(['--no-tui', '--until-idle']).ended).code, 1)

  const job = await project.enqueue('visits', { url: site.url, n: 5 })
  const second = project.start(['--no-tui', '--until-idle', '--json'])
  t.equal((await second.ended).code, 0)
  const told = second.events()
  t.strictSame(
    told.filter(line => line['job'] === fails),
    [],
  )
  t.ok(told.some(line => line.event === 'result' && line['job'] === job))

  t.match(await project.ask(Job, 'jobs', String(job)), { input: { n: 5 }, result: { n: 5, heading: 'Shop' } })
  const shown = await project.run(['jobs', String(fails)])
  t.match(shown.stdout, /^state +failed$/m)
  t.match(shown.stdout, /^error +no such button$/m)
})

t.test('a job that waits for a stopped scheduler shows that reason, and can be cancelled', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows })
  const scheduler = await project.schedule()
  await project.ask(z.unknown(), 'services', 'stop', 'scheduler')
  await scheduler.event('the stop', line => line['name'] === 'scheduler' && line['state'] === 'stopped')
  const run = project.start(['run', 'succeeds-late', '--input', 'at=1'])
  await run.says('automate-tui services start scheduler')
  run.signal('SIGTERM')
  t.equal((await run.ended).code, process.platform === 'win32' ? null : 3)
})

t.test('an unsuitable machine is reported with the remedy and without a stack', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows })
  rmSync(project.paths.data, { recursive: true })
  writeFileSync(join(project.root, 'data'), '')
  for (const command of [['jobs'], ['status'], ['--no-tui']]) {
    const { code, stderr } = await project.run(command)
    t.equal(code, 4, command.join(' '))
    t.match(stderr, /A file is in the place of a folder: move the file away/)
    t.notMatch(stderr, /\n {4}at /)
  }
})

t.test('each start warns of a quarantined damaged database', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows })
  await project.enqueue('succeeds-late', { at: 1 })
  writeFileSync(project.paths.database, Buffer.alloc(8192, 'not a database'))
  const { aside } = await project.ask(z.object({ aside: z.string() }), 'db', 'new')
  const { code, stderr } = await project.run(['--no-tui', '--until-idle'])
  t.equal(code, 0)
  t.ok(stderr.includes(`A damaged database is next to the one in use: ${aside}.`), stderr)
})

t.test('a damaged document of the scheduler hides nothing else', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows })
  writeFileSync(project.paths.schedulerState, '{"kind":')
  const { code, stdout, stderr } = await project.run(['status'])
  t.equal(code, 0)
  t.match(stdout, /0 queued/)
  t.match(stderr, /scheduler\.json/)
})
