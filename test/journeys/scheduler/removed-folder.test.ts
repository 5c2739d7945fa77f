import { rmSync } from 'node:fs'
import t from 'tap'
import { z } from 'zod'
import { JobSummary } from '../../../lib/model/job/job.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'

t.test('a scheduler creates the removed folder of its workers again', async t => {
  const project = new JourneyProject(t, newFolder(), { workflows: ['succeeds-late'], workers: 1 })
  const scheduler = await project.schedule()
  rmSync(project.paths.assignments, { recursive: true })
  const id = await project.enqueue('succeeds-late', { at: 1 })
  await until('the job', async () =>
    (await project.ask(z.array(JobSummary), 'jobs')).every(({ state }) => state === 'succeeded'),
  )
  t.match(await project.ask(z.array(JobSummary), 'jobs'), [{ id, attempt: 1 }])
  t.notMatch(scheduler.stderr, /No worker process can be started/)
  scheduler.signal('SIGTERM')
  t.equal((await scheduler.ended).code, 0)
})
