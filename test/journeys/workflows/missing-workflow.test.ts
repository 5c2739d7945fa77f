import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { z } from 'zod'
import { SchedulerDocument } from '../../../lib/model/worker/documents.ts'
import { Job, JobSummary } from '../../../lib/model/job/job.ts'
import { enqueue, jobIn } from '../../helpers/store/job-store.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { openProjectStore } from '../../helpers/store/project-store.ts'
import { until } from '../../helpers/until.ts'

const COUNTS = `import { defineWorkflow, z } from 'automate-tui'

export default defineWorkflow({ name: 'counts', input: z.object({ n: z.coerce.number() }), result: z.number(), retries: 0 })
  .phase('count', { timeout: '60s' }, ({ input }) => input.n)
`
const Waiting = Job.extend({ waits: z.array(z.looseObject({ for: z.string(), why: z.string().optional() })) })
const Status = z.object({ scheduler: SchedulerDocument })

/**
 * Makes a project with a single workflow that the test can change, and functions that check its
 * jobs.
 */
function counting(t: Pick<Test, 'teardown'>) {
  const project = new JourneyProject(t, newFolder(), {
    workflows: [],
    workers: 2,
    settings: { workflows: ['workflows'] },
    files: { 'workflows/counts.ts': COUNTS },
  })
  const file = join(project.root, 'workflows', 'counts.ts')
  const job = (id: number) => project.ask(Waiting, 'jobs', String(id))
  const waiting = (id: number, why: string) =>
    until(`job ${id} to wait`, async () => (await job(id)).waits.some(wait => wait.why === why))
  const ended = (id: number) =>
    until(`the end of job ${id}`, async () => {
      const now = await job(id)
      return now.state === 'succeeded' || now.state === 'failed' ? now : false
    })
  return { project, file, job, waiting, ended }
}

t.test('jobs wait while the file of their workflow is broken or its folder is missing', async t => {
  const { project, file, job, waiting, ended } = counting(t)
  const ids = [await project.enqueue('counts', { n: 1 }), await project.enqueue('counts', { n: 2 })]
  writeFileSync(file, COUNTS.replace('input.n)', 'input.n'))
  await project.schedule()
  await waiting(ids[1] ?? 0, 'broken')
  for (const id of ids)
    t.match(await job(id), { state: 'queued', attempt: 0, waits: [{ for: 'workflow', name: 'counts' }] })
  const why = /waits for workflow counts: workflows.counts\.ts cannot be loaded/
  t.match((await project.run(['jobs'])).stdout, why)
  for (const args of [['jobs', String(ids[0])], ['status']]) {
    const { stdout } = await project.run(args)
    t.match(stdout, why)
    t.match(stdout, /Correct the file: the job then starts by itself/)
  }
  t.match(
    (await project.run(['status', '--language', 'it'])).stdout,
    /aspetta la procedura counts: workflows/,
  )
  t.match(await project.ask(Status, 'status'), {
    scheduler: { missing: [{ name: 'counts', why: 'broken' }] },
  })

  writeFileSync(file, COUNTS)
  for (const [index, id] of ids.entries())
    t.match(await ended(id), { state: 'succeeded', attempt: 1, result: index + 1 })

  const folder = join(project.root, 'workflows')
  const away = join(project.root, 'away')
  const store = await project.enqueue('counts', { n: 3 })
  t.match(await ended(store), { state: 'succeeded' })
  t.equal((await project.run(['services', 'stop', 'scheduler'])).code, 0)
  const third = await project.enqueue('counts', { n: 4 })
  renameSync(folder, away)
  t.equal((await project.run(['services', 'start', 'scheduler'])).code, 0)
  await waiting(third, 'folder')
  t.match((await project.run(['jobs', String(third)])).stdout, /the folder workflows does not exist/)
  renameSync(away, folder)
  t.match(await ended(third), { state: 'succeeded', attempt: 1, result: 4 })
  const failed = await project.ask(z.array(JobSummary), 'jobs', '--state', 'failed')
  t.same(failed, [])
})

t.test('a job of a workflow that no file exports waits for the end of a deployment', async t => {
  const { project, file, waiting, ended } = counting(t)
  const id = await project.enqueue('counts', { n: 1 })
  renameSync(file, join(project.root, 'counts.ts'))
  writeFileSync(join(project.root, 'workflows', 'other.ts'), COUNTS.replace("'counts'", "'other'"))
  await project.schedule()
  await waiting(id, 'removed')
  t.match((await project.run(['jobs', String(id)])).stdout, /no file exports\. .*; it fails at \d/)
  renameSync(join(project.root, 'counts.ts'), file)
  t.match(await ended(id), { state: 'succeeded', attempt: 1 })
})

t.test(
  'a schedule due while its file is broken gets the workers and retries of the repaired file',
  async t => {
    const { project, file, job, ended } = counting(t)
    const settings = { workers: 2, warmWorkers: 0, workflows: ['workflows'] }
    const nightly = { name: 'nightly', workflow: 'counts', every: '1s', input: { n: 7 } }
    writeFileSync(
      join(project.root, 'automate.config.ts'),
      `export default ${JSON.stringify({ ...settings, schedules: [nightly] })}\n`,
    )
    writeFileSync(file, '}')
    const scheduler = await project.schedule()
    const fired = await scheduler.event(
      'its run',
      ({ event, outcome }) => event === 'schedule' && outcome === 'fired',
    )
    const id = z.int().parse(fired['job'])
    t.match((await project.run(['jobs', String(id)])).stdout, /^attempt +0, retries as set by its workflow/m)
    writeFileSync(file, COUNTS.replace('retries: 0', 'workers: 2, retries: 5'))
    await ended(id)
    t.match(await job(id), { state: 'succeeded', attempt: 1, workers: 2, retries: 5 })
  },
)

t.test('--until-idle names parked jobs, and the number of jobs that wait for them', async t => {
  const { project } = counting(t)
  const request = { workflow: 'counts', input: { n: 1 } }
  const store = await openProjectStore(project.paths, 'scheduler')
  const parked = await jobIn(store, 'parked', request)
  await enqueue(store, { ...request, after: [parked] })
  await enqueue(store, request)
  await store.close()
  const { code, stdout, stderr } = await project.run(['--no-tui', '--until-idle', '--json'])
  t.equal(code, 1)
  t.match(stderr, new RegExp(`Jobs remain, because they are parked: ${parked}\\. .*Still in the queue: 1\\.`))
  t.match(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''), { event: 'idle', ended: 1, failed: 0, left: 2 })
  t.equal((await project.run(['cancel', String(parked)])).code, 0)
  const clean = await project.run(['--no-tui', '--until-idle'])
  t.equal(clean.code, 0)
  t.notMatch(clean.stderr, /left/)
})

t.test('--until-idle leaves jobs of broken workflows in the queue, and names those workflows', async t => {
  const { project, file, job, ended } = counting(t)
  const id = await project.enqueue('counts', { n: 1 })
  writeFileSync(file, '}')
  const { code, stderr } = await project.run(['--no-tui', '--until-idle'])
  t.equal(code, 1)
  t.match(stderr, /Jobs remain in the queue, because their workflows cannot be loaded: counts\./)
  t.match(await job(id), { state: 'queued', attempt: 0 })
  writeFileSync(file, COUNTS)
  t.equal((await project.run(['--no-tui', '--until-idle'])).code, 0)
  t.match(await ended(id), { state: 'succeeded' })
})
