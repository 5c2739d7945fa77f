import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { Job } from '../../../lib/model/job/job.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { PATIENT_MS, until } from '../../helpers/until.ts'
import { gatedSite } from '../../helpers/processes/worker-run.ts'

/** The fixtures that the tests use. */
const workflows = ['succeeds-late', 'visits']

const preloaded = (name: string) => ({
  NODE_OPTIONS: `--import=${new URL(`../../fixtures/preload/${name}.ts`, import.meta.url).href}`,
})
const SKIP = { skip: process.platform === 'win32' && 'needs SIGUSR2' }
const State = z.object({ state: Job.shape.state })

t.test('an uncaught error is logged and notified, lets jobs end, and exits with 70', SKIP, async t => {
  const site = await gatedSite('<h1>Shop</h1>')
  t.teardown(site.close)
  const project = new JourneyProject(t, newFolder(), { workflows, workers: 1 })
  const id = await project.enqueue('visits', { url: `${site.url}/gate`, n: 1 })
  const scheduler = project.start(['--no-tui', '--json'], { env: preloaded('throws-at-signal') })
  await project.atStep(id, 'page 1')
  scheduler.signal('SIGUSR2')
  await scheduler.event('the notice', event => JSON.stringify(event).includes('scheduler-bug'))
  await scheduler.says('thrown in a callback')
  await scheduler.event('the drain', ({ event, phase }) => event === 'scheduler' && phase === 'draining')
  await site.open('/gate')
  t.match(await scheduler.ended, { code: 70, signal: null })
  t.match(await project.ask(State, 'jobs', String(id)), { state: 'succeeded' }, 'the job was not interrupted')
  const log = readFileSync(join(project.paths.logs('console', new Date()), 'console.log'), 'utf8')
  t.match(log, /has a bug: .*rejected by nobody.*throws-at-signal\.ts/)
  t.match(log, /has a bug: .*thrown in a callback.*throws-at-signal\.ts/)
})

t.test('a scheduler without a free file descriptor continues, and works again with one', SKIP, async t => {
  const project = new JourneyProject(t, newFolder(), { workflows, workers: 1 })
  const scheduler = project.start(['--no-tui', '--json'], { env: preloaded('fills-descriptors') })
  await scheduler.event('scheduling', ({ event, phase }) => event === 'scheduler' && phase === 'scheduling')
  scheduler.signal('SIGUSR2')
  await scheduler.says("The scheduler's state could not be written")
  scheduler.signal('SIGUSR2')
  await scheduler.says("The scheduler's state can be written again")
  const id = await project.enqueue('succeeds-late', { at: 1 })
  await until(
    'the job to succeed',
    async () => (await project.ask(State, 'jobs', String(id))).state === 'succeeded',
    // Operations that failed without a free descriptor are retried after growing pauses.
    3 * PATIENT_MS,
  )
  scheduler.signal('SIGTERM')
  t.match(await scheduler.ended, { code: 0 })
})
