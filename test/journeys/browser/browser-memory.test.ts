import t from 'tap'
import { z } from 'zod'
import { JobReport } from '../../../lib/model/job/job-report.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'

/** The fixtures that the tests use. */
const workflows = ['fills-memory']

t.test(
  'retires a reused worker whose browser exceeds its memory limit after the job that filled it',
  async t => {
    const project = new JourneyProject(t, newFolder(), { workflows, workers: 1 })
    const env = { AUTOMATE_WARM_WORKERS: '0', AUTOMATE_RECYCLE_AT: '1000MB' }
    const scheduler = project.start(['--no-tui', '--json'], { env })
    const workers: string[] = []
    for (const megabytes of [0, 900, 0]) {
      const job = await project.enqueue('fills-memory', { megabytes })
      await scheduler.event('the end', line => line['job'] === job && line['state'] === 'succeeded')
      const report = await project.ask(JobReport, 'report', String(job))
      workers.push(...report.members.map(({ workerId }) => workerId))
    }
    const [first, filled, next] = workers
    t.equal(filled, first, 'keeps a browser within the memory limit')
    t.not(next, filled)
    const Status = z.object({
      workers: z.array(z.object({ workerId: z.string(), memoryBytes: z.int(), state: z.string() })),
    })
    const { workers: now } = await project.ask(Status, 'status')
    t.match(now, [{ workerId: next }])
    t.ok(Number(now[0]?.memoryBytes) > 150 * 1024 ** 2, `Chrome uses ${now[0]?.memoryBytes ?? 0} bytes`)
  },
)
