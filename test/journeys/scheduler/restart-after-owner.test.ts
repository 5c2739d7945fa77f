import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { livingScheduler } from '../../../lib/store/ownership/living-owner.ts'
import { gatedSite } from '../../helpers/processes/worker-run.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { openProjectStore } from '../../helpers/store/project-store.ts'

const WAITS = 'This scheduler waits until that process has ended, and then continues.'

/**
 * The previous version passes its state in the environment, because the system executes the new
 * version in the place of the previous one.
 */
const env = { RESTARTED_AUTOMATE_TUI: JSON.stringify({ from: '0.9.0', failed: 0 }) }

const isScheduling = ({ event, phase }: { event: string; phase?: unknown }) =>
  event === 'scheduler' && phase === 'scheduling'

t.test('a restarted scheduler whose database a run owns schedules after that run', async t => {
  const site = await gatedSite('<h1>Shop</h1>')
  t.teardown(site.close)
  const project = new JourneyProject(t, newFolder(), { workflows: ['visits', 'succeeds-late'], workers: 1 })
  // A run leaves jobs that already wait alone.
  const job = await project.enqueue('succeeds-late', { at: 1 })
  const run = project.start(['run', 'visits', '--input', `url=${site.url}/gate`, '--input', 'n=1'])
  await run.says('2/3 open: page 1')
  const scheduler = project.start(['--no-tui', '--json'], { env })
  await scheduler.says(`Process ${run.pid} took the database while this scheduler restarted. ${WAITS}`)
  await site.open('/gate')
  t.match(await run.ended, { code: 0, stdout: /"n": 1,/ })
  await scheduler.event('scheduling', isScheduling)
  t.equal(livingScheduler(project.paths.owner), scheduler.pid)
  await scheduler.event('the job that waited', ({ job: id, state }) => id === job && state === 'succeeded')
  const log = readFileSync(join(project.paths.logs('console', new Date()), 'console.log'), 'utf8')
  t.equal(log.split(WAITS).length - 1, 1, 'the wait is reported once')
  scheduler.signal('SIGTERM')
  await scheduler.ended
})

t.test('a restarted scheduler waits for a command that owns the database for long', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows: ['succeeds-late'], workers: 1 })
  const command = await openProjectStore(project.paths, 'transient')
  const scheduler = project.start(['--no-tui', '--json'], { env })
  await scheduler.says(`Process ${process.pid} took the database while this scheduler restarted.`)
  await command.close()
  await scheduler.event('scheduling', isScheduling)
  scheduler.signal('SIGTERM')
  await scheduler.ended
})

t.test(
  'a signal ends a restarted scheduler that waits',
  { skip: process.platform === 'win32' && 'Windows has no signals to ask politely with' },
  async t => {
    const project = new JourneyProject(t, newFolder(), { workflows: ['succeeds-late'], workers: 1 })
    const owner = await project.schedule()
    const scheduler = project.start(['--no-tui'], { env })
    await scheduler.says(WAITS)
    scheduler.signal('SIGTERM')
    t.match(await scheduler.ended, { code: 0, signal: null })
    t.equal(livingScheduler(project.paths.owner), owner.pid)
    t.equal((await project.run(['--no-tui'])).code, 4, 'an ordinary start does not wait')
    owner.signal('SIGTERM')
    await owner.ended
  },
)
