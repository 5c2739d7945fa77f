import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { SchedulerDocument, ServiceDocument } from '../../../lib/model/worker/documents.ts'
import { ScheduleSpec } from '../../../lib/model/schedule/schedule.ts'
import { readJsonSync } from '../../../lib/files/documents/atomic-json.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { messageServer } from '../../helpers/sites/message-server.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'

/** The fixtures that the tests use. */
const workflows = ['visits']

const Status = z.object({ scheduler: SchedulerDocument, services: z.array(ServiceDocument) })
const Use = z.object({ metrics: z.object({ last: z.object({ memoryBytes: z.int().positive() }) }) })

t.test('a running scheduler applies a changed configuration, and ignores a broken one', async t => {
  const server = await messageServer(t)
  const project = new JourneyProject(t, newFolder(), { workflows })
  const file = (name: string, text: string) => writeFileSync(join(project.root, name), text)
  const configure = (config: object) =>
    file('automate.config.ts', `export default ${JSON.stringify({ warmWorkers: 0, ...config })}\n`)
  const status = () => project.ask(Status, 'status')
  const slots = (count: number) =>
    until(`${count} slots`, async () => (await status()).scheduler.slots === count)

  configure({ workers: 1 })
  const scheduler = project.start(['--no-tui', '--json'])
  const phase = (name: string) =>
    scheduler.event(name, line => line.event === 'scheduler' && line['phase'] === name)
  await phase('starting')
  configure({ workers: 2 })
  await phase('scheduling')
  await slots(2)
  t.match(await project.ask(Use, 'status'), { metrics: { last: {} } }, 'the resource use is measured')
  t.match((await project.run(['status'])).stdout, /^All processes: [\d.]+.MB, CPU \d+%/m)

  configure({
    workers: 3,
    domainWorkers: ['shop.example=1'],
    schedules: [{ name: 'nightly', workflow: 'visits', cron: '0 3 * * *' }],
    services: { janitor: 'stopped' },
    notify: { heartbeat: { url: server.url, every: '1s' } },
  })
  await slots(3)
  const limits = async () => (await status()).scheduler.domainWorkers
  t.same(await limits(), [{ domain: 'shop.example', workers: 1 }], 'the new limits explain why a job waits')
  await server.arrived(1)
  t.match(await project.ask(z.array(ScheduleSpec), 'schedules'), [{ name: 'nightly' }])
  await until('the janitor to stop', async () =>
    (await status()).services.some(({ name, actual }) => name === 'janitor' && actual === 'stopped'),
  )

  t.same(await project.ask(z.unknown(), 'schedules', 'pause', 'nightly'), {
    name: 'nightly',
    paused: true,
    cancelled: [],
  })
  renameSync(join(project.root, 'automate.config.ts'), join(project.root, 'away.ts'))
  await scheduler.says('automate.config.ts is no longer in')
  renameSync(join(project.root, 'away.ts'), join(project.root, 'automate.config.ts'))
  t.match(
    await project.ask(z.array(z.unknown()), 'schedules'),
    [{ name: 'nightly', paused: true }],
    'a file that is missing for a moment changes nothing',
  )

  configure({ workers: 0 })
  await scheduler.says('"workers" in automate.config.ts: must be 1 to 64')
  file('automate.config.ts', 'export default {{')
  await scheduler.says('automate.config.ts cannot be used')
  t.match(scheduler.stderr, /cannot be used, so the previous one remains in use/)
  // Commands read the broken file themselves, and fail.
  t.equal(readJsonSync(project.paths.schedulerState, SchedulerDocument).slots, 3)

  configure({ browserArgs: ['--mute-audio'] })
  file('.env', 'AUTOMATE_WORKERS=5\n')
  await slots(5)
  t.same(await limits(), [])
  await scheduler.says('takes effect after a restart of the scheduler: browserArgs')
  await until('the heartbeat to be gone', async () =>
    (await status()).services.every(({ name }) => name !== 'heartbeat'),
  )
  t.same(
    await project.ask(z.array(ScheduleSpec), 'schedules'),
    [],
    'a schedule that is no longer declared is removed',
  )
  const shown = (await project.run(['config'])).stdout
  t.match(shown, /^browserArgs .*after a restart$/m)
  t.match(shown, /^workers +5 .*at once$/m)
  t.match((await project.run(['logs'])).stdout, /The configuration has changed and is in use: workers = 3/)
  scheduler.signal('SIGTERM')
  t.equal((await scheduler.ended).code, process.platform === 'win32' ? null : 0)
})
