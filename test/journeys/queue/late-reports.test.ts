import t from 'tap'
import { z } from 'zod'
import { Job } from '../../../lib/model/job/job.ts'
import { CrashSummary } from '../../../lib/model/failure/crash.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'
import { gatedSite } from '../../helpers/processes/worker-run.ts'

const SIBLINGS = 10

t.test(
  'counts ten siblings that fail in clean-up after the end of their swarm, without a notification',
  async t => {
    const site = await gatedSite('')
    t.teardown(site.close)
    const project = new JourneyProject(t, newFolder(), {
      workflows: ['cleans-up-badly'],
      workers: SIBLINGS + 1,
    })
    const scheduler = await project.schedule()
    const id = await project.enqueue('cleans-up-badly', { gate: `${site.url}/gate` })
    await until('all to be in the race', () => {
      const racing = project.workers().filter(({ phase }) => phase?.step === 'in the race')
      return racing.length === SIBLINGS + 1
    })
    await site.open('/gate')
    const { result } = await scheduler.event('the result', ({ event }) => event === 'result')
    t.equal(result, 'found')

    const job = await project.ask(Job, 'jobs', String(id))
    t.match(job, { state: 'succeeded', attempt: 1, failures: 0, lateReports: SIBLINGS })
    t.strictSame(await project.ask(z.array(CrashSummary), 'crashes'), [])
    t.strictSame(
      scheduler.events().filter(({ event }) => event === 'crash'),
      [],
    )
    t.match((await project.run(['jobs', String(id)])).stdout, /late reports +10, not applied/)
    t.match((await project.run(['status', '--language', 'it'])).stdout, /10 rapporti tardivi, contati/)
  },
)
