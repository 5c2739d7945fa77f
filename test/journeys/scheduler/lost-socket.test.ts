import { readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { readOwnerRecord } from '../../../lib/store/ownership/owner-record.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'

/** The fixtures that the tests use. */
const workflows = ['succeeds-late']

t.test(
  'a scheduler whose socket was removed becomes reachable again, and runs a new job',
  { skip: process.platform === 'win32' && 'a named pipe cannot be removed' },
  async t => {
    const project = new JourneyProject(t, newFolder(), { workflows, workers: 1 })
    const scheduler = await project.schedule()
    const { endpoint = '' } = readOwnerRecord(project.paths.owner) ?? {}
    rmSync(dirname(endpoint), { recursive: true })
    await until('another address', () => {
      const announced = readOwnerRecord(project.paths.owner)
      return announced !== undefined && announced.endpoint !== endpoint
    })
    const job = await project.enqueue('succeeds-late', { at: 1 })
    await scheduler.event('the end', line => line['job'] === job && line['state'] === 'succeeded')
    const log = readFileSync(join(project.paths.logs('console', new Date()), 'console.log'), 'utf8')
    t.match(log, 'The socket of the scheduler was removed, so the scheduler listens at a new one.')
  },
)
