import { renameSync, rmSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { z } from 'zod'
import { Job } from '../../../lib/model/job/job.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { gatedSite } from '../../helpers/processes/worker-run.ts'

/** The fixtures that the tests use. */
const workflows = ['visits']

const State = z.object({ state: Job.shape.state, attempt: z.int() })

t.test('a job whose outcome cannot be written is done, and does not run again', async t => {
  const site = await gatedSite('<h1>Shop</h1>')
  t.teardown(site.close)
  const project = new JourneyProject(t, newFolder(), { workflows, workers: 1 })
  const id = await project.enqueue('visits', { url: `${site.url}/gate`, n: 1 })
  const scheduler = await project.schedule()
  await project.atStep(id, 'page 1')
  const { results } = project.paths
  renameSync(results, `${results}.away`)
  writeFileSync(results, 'no folder')
  await site.open('/gate')
  await scheduler.event('the end of the job', line => line['job'] === id && line['state'] === 'succeeded')
  rmSync(results)
  renameSync(`${results}.away`, results)
  t.match(await project.ask(State, 'jobs', String(id)), { state: 'succeeded', attempt: 1 })
  scheduler.signal('SIGTERM')
  t.match(await scheduler.ended, { code: 0 })
})
