import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { SchedulerDocument, ServiceDocument } from '../../../lib/model/worker/documents.ts'
import { JobSummary } from '../../../lib/model/job/job.ts'
import { MAX_FAILURES } from '../../../lib/control/leader/services/service-supervisor.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'

/** Workflow that fails while a file of that name is in the project. */
const WATCH = `import { existsSync } from 'node:fs'
import { defineWorkflow, z } from 'automate-tui'

export default defineWorkflow({ name: 'watch', continuous: true, isolation: 'page', input: z.object({}), result: z.number() })
  .phase('look', { timeout: '60s' }, async () => {
    if (existsSync(new URL('../closed', import.meta.url))) throw new Error('the shop is closed')
    return 1
  })
`

const Status = z.object({ scheduler: SchedulerDocument, services: z.array(ServiceDocument) })

t.test(
  'a failing continuous workflow restarts ever later up to a limit, and its desired state persists',
  async t => {
    const project = new JourneyProject(t, newFolder(), {
      workflows: [],
      workers: 1,
      files: { 'workflows/watch.ts': WATCH },
    })
    const closed = join(project.root, 'closed')
    writeFileSync(closed, '')
    const watch = async () =>
      (await project.ask(Status, 'status')).services.find(({ name }) => name === 'workflow-watch')
    const jobs = (state: string) => project.ask(z.array(JobSummary), 'jobs', '--state', state)

    const first = await project.schedule()
    await until('the service', async () => (await watch())?.actual === 'stopped')
    await project.ask(z.unknown(), 'services', 'start', 'workflow-watch')
    await first.says(
      `Service workflow-watch has failed ${MAX_FAILURES} times in a row and is not restarted. Fix the problem, then run: automate-tui services start workflow-watch`,
    )
    t.match(await watch(), {
      ...{ desired: 'running', actual: 'failed', restarts: MAX_FAILURES - 1 },
      ...{ message: /the shop is closed/, restart: { failures: MAX_FAILURES, at: null } },
    })
    t.match((await project.run(['services'])).stdout, /workflow-watch +running +failed .*shop is closed/)
    t.equal((await jobs('failed')).length, MAX_FAILURES)

    first.signal('SIGKILL')
    await first.ended
    rmSync(closed)
    const second = await project.schedule()
    await until(
      'two jobs that end well, one after the other',
      async () => (await jobs('succeeded')).length > 1,
    )
    t.match(await watch(), { desired: 'running', actual: 'running', doing: { what: 'job' } })

    await project.ask(z.unknown(), 'services', 'stop', 'workflow-watch')
    await second.event('the stop', line => line['name'] === 'workflow-watch' && line['state'] === 'stopped')
    second.signal('SIGKILL')
    await second.ended

    const killed = await project.ask(Status, 'status')
    t.equal(killed.scheduler.phase, 'stopped', 'a killed scheduler is shown as stopped')
    t.ok(killed.services.every(({ actual }) => actual === 'stopped'))
    await project.ask(z.unknown(), 'services', 'start', 'workflow-watch')
    t.match(await watch(), { desired: 'running', actual: 'stopped' })
    await project.ask(z.unknown(), 'services', 'stop', 'workflow-watch')
    const done = (await jobs('succeeded')).length
    await project.schedule()
    await until('the service', async () => (await watch())?.actual === 'stopped')
    t.match(await watch(), { desired: 'stopped' })
    t.equal((await jobs('succeeded')).length, done)
    t.strictSame(await jobs('queued'), [])
  },
)

t.test('--until-idle waits for a continuous workflow, and exits when that is stopped', async t => {
  const project = new JourneyProject(t, newFolder(), {
    workflows: [],
    workers: 1,
    settings: { services: { 'workflow-watch': 'running' } },
    files: { 'workflows/watch.ts': WATCH },
  })
  const scheduler = project.start(['--no-tui', '--json', '--until-idle'])
  await scheduler.says('automate-tui services stop workflow-watch')
  await scheduler.event(
    'its third job',
    ({ event, job, state }) => event === 'job' && job === 3 && state === 'running',
  )
  await project.ask(z.unknown(), 'services', 'stop', 'workflow-watch')
  t.match(await scheduler.ended, { code: 0, signal: null })
  t.match(scheduler.events().at(-1), { event: 'idle', failed: 0 })
})

t.test('a continuous workflow with a parked job shows that, and continues after a retry', async t => {
  const project = new JourneyProject(t, newFolder(), {
    workflows: [],
    workers: 1,
    settings: { services: { 'workflow-stays': 'running' } },
    files: {
      'workflows/stays.ts': WATCH.replaceAll('watch', 'stays').replace(
        '() => {',
        '({ signal }) => {\n    await new Promise((_resolve, reject) => signal.addEventListener("abort", reject))',
      ),
    },
  })
  const running = () =>
    until('a running job', async () =>
      (await project.ask(z.array(JobSummary), 'jobs', '--state', 'running')).some(({ id }) => id === 1),
    )
  for (let deaths = 0; deaths < 3; deaths++) {
    const scheduler = await project.schedule()
    await running()
    scheduler.signal('SIGKILL')
    await scheduler.ended
  }
  await project.schedule()
  const service = async () =>
    (await project.ask(Status, 'status')).services.find(({ name }) => name === 'workflow-stays')
  await until('a blocked service', async () => (await service())?.actual === 'failed')
  t.match(
    (await project.run(['services'])).stdout,
    /workflow-stays +running +failed .*Job 1 is parked, because /,
  )
  t.match((await project.run(['status'])).stdout, /workflow-stays: failed/)
  t.equal((await project.run(['retry', '1'])).code, 0)
  await running()
  t.match(await service(), { actual: 'running', doing: { what: 'job', id: 1 } })
})
