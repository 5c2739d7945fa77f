import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { Job, JobSummary } from '../../../lib/model/job/job.ts'
import { noSizeLimit, refuseFileWrites } from '../../helpers/processes/file-size-limit.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'
import { gatedSite } from '../../helpers/processes/worker-run.ts'

/** The fixtures that the tests use. */
const workflows = ['visits']

const Ended = Job.pick({ state: true, attempt: true, result: true })

t.test(
  'stops a scheduler that cannot write its database, without repeating finished work',
  { skip: noSizeLimit },
  async t => {
    const site = await gatedSite('<h1>Shop</h1>')
    t.teardown(site.close)
    const project = new JourneyProject(t, newFolder(), {
      workflows,
      workers: 2,
      settings: { drainTimeout: '3s' },
    })
    const jobs = async () => (await project.ask(z.array(JobSummary), 'jobs')).sort((a, b) => a.id - b.id)
    const done = await project.enqueue('visits', { url: `${site.url}/gate-1`, n: 1 })
    const other = await project.enqueue('visits', { url: `${site.url}/gate-2`, n: 2 })
    const first = await project.schedule()
    await Promise.all([project.atStep(done, 'page 1'), project.atStep(other, 'page 2')])
    refuseFileWrites(first.pid, true)
    await site.open('/gate-1')
    await until('a result that waits', () =>
      project.workers().some(({ job, waiting }) => job?.jobId === done && waiting?.for === 'scheduler'),
    )
    first.signal('SIGTERM')
    const end = await first.ended
    t.equal(end.code, 4)
    t.match(end.stderr, /the end of 2 jobs is not stored.*next scheduler stores the results/s)

    const second = await project.schedule()
    t.match(await jobs(), [{ id: done, state: 'succeeded', attempt: 1 }, { id: other }])
    await project.atStep(other, 'page 2')
    await site.open('/gate-2')
    await until('the other job', async () => (await jobs())[1]?.state === 'succeeded')
    t.match((await jobs())[1], { attempt: 2 })
    second.signal('SIGTERM')
    t.equal((await second.ended).code, 0)
  },
)

t.test('a second signal ends the scheduler at once', { skip: noSizeLimit }, async t => {
  const site = await gatedSite('<h1>Shop</h1>')
  t.teardown(site.close)
  const project = new JourneyProject(t, newFolder(), { workflows, settings: { drainTimeout: '1h' } })
  const job = await project.enqueue('visits', { url: `${site.url}/gate-1`, n: 1 })
  const scheduler = await project.schedule()
  await project.atStep(job, 'page 1')
  refuseFileWrites(scheduler.pid, true)
  scheduler.signal('SIGTERM')
  await scheduler.says('Stop again to end them at once')
  scheduler.signal('SIGTERM')
  const { code, stderr } = await scheduler.ended
  t.equal(code, 4)
  t.match(stderr, /the end of 1 job is not stored/)
  t.notMatch(stderr, /\n {4}at /)
})

t.test(
  'a result of a replaced database is not the result of a new job with the same number',
  { skip: noSizeLimit },
  async t => {
    const site = await gatedSite('<h1>Shop</h1>')
    t.teardown(site.close)
    const settings = { drainTimeout: '3s' }
    const project = new JourneyProject(t, newFolder(), { workflows, workers: 1, settings })
    const { results } = project.paths
    const visit = (n: number) => project.enqueue('visits', { url: `${site.url}/gate-${n}`, n })
    const id = await visit(1)
    const first = await project.schedule()
    await project.atStep(id, 'page 1')
    refuseFileWrites(first.pid, true)
    await site.open('/gate-1')
    await until('a result that waits', () =>
      project.workers().some(({ waiting }) => waiting?.for === 'scheduler'),
    )
    first.signal('SIGTERM')
    t.equal((await first.ended).code, 4)
    const outcomes = readdirSync(results)
    t.equal(outcomes.length, 1)

    const replaced = await project.run(['db', 'new'])
    t.equal(replaced.code, 0, replaced.stderr)
    t.equal(await visit(2), id, 'job numbers begin at 1 again')
    const second = await project.schedule()
    await project.atStep(id, 'page 2')
    await second.kill()
    const third = project.start(['--no-tui', '--until-idle'])
    await site.open('/gate-2')
    t.match(await third.ended, { code: 0 })
    const result = { n: 2, heading: 'Shop' }
    t.match(await project.ask(Ended, 'jobs', String(id)), { state: 'succeeded', attempt: 2, result })
    t.strictSame(
      readdirSync(join(results, 'of-another-database')),
      outcomes,
      'the file of the old result is kept for a person',
    )
    const log = readFileSync(join(project.paths.logs('console', new Date()), 'console.log'), 'utf8')
    t.ok(
      log.includes(`${outcomes[0] ?? ''} belongs to attempt 1 of job ${id} in a database that was replaced`),
    )
  },
)
