import t from 'tap'
import { z } from 'zod'
import { CrashSummary } from '../../../lib/model/failure/crash.ts'
import { FileDatabase } from '../../../lib/store/engine/database.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { messageServer } from '../../helpers/sites/message-server.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'

const NEEDS_A_LOGIN = `import { defineWorkflow, z } from 'automate-tui'

export default defineWorkflow({ name: 'needs-a-login', input: z.object({}), result: z.number(), credentials: ['https://shop.example'] })
  .phase('look', { timeout: '60s' }, () => 1)
`
const OFFERS_NOTHING = `import { defineWorkflow, z } from 'automate-tui'

export default defineWorkflow({ name: 'offers-nothing', input: z.object({}), result: z.number(), workers: 2, retries: 0, deadline: '1s' })
  .phase('wait', { timeout: '60s' }, ({ signal }) => new Promise((_resolve, reject) => signal.addEventListener('abort', reject)))
`

t.test('lists and notifies failures that no worker could report', async t => {
  const server = await messageServer(t)
  const project = new JourneyProject(t, newFolder(), {
    workflows: [],
    workers: 2,
    settings: { workflows: ['workflows'], notify: { webhook: { url: `${server.url}/hook` } } },
    files: { 'workflows/needs-a-login.ts': NEEDS_A_LOGIN, 'workflows/offers-nothing.ts': OFFERS_NOTHING },
  })
  const refused = await project.enqueue('needs-a-login', {})
  const late = await project.enqueue('offers-nothing', {})
  await project.schedule()
  const crashes = () => project.ask(z.array(CrashSummary), 'crashes')
  const crashOf = (id: number) =>
    until(`the report of job ${id}`, async () => (await crashes()).find(({ jobId }) => jobId === id) ?? false)
  const [first, second] = [await crashOf(refused), await crashOf(late)]
  t.match(first, { errorCode: 'config-invalid', workflow: 'needs-a-login', frame: null })
  t.match(second, { errorCode: 'deadline', message: 'No worker offered a result within 1 s.' })

  const { code, stdout } = await project.run(['crashes', String(second.id)])
  t.equal(code, 0)
  t.match(stdout, /job \d+ \(offers-nothing\), attempt 1, worker –/)
  t.equal((await project.run(['crashes', String(first.id), '--bundle', `${project.root}/a.zip`])).code, 0)
  t.equal((await project.run(['report', String(late), '--output', `${project.root}/a.html`])).code, 0)

  const bodies = async () => (await server.arrived(2)).map(({ body }) => body)
  const messages = await bodies()
  t.equal(messages.filter(body => body.includes('shop.example') && body.includes('no worker')).length, 1)
  t.equal(messages.filter(body => body.includes('No worker offered a result within 1 s.')).length, 1)
})

const SUCCEEDS = `import { defineWorkflow, z } from 'automate-tui'

export default defineWorkflow({ name: 'succeeds', input: z.object({}), result: z.number() })
  .phase('look', { timeout: '60s' }, () => 1)
`

t.test('lists and notifies a job whose row was damaged before the start', async t => {
  const server = await messageServer(t)
  const project = new JourneyProject(t, newFolder(), {
    workflows: [],
    workers: 1,
    settings: { workflows: ['workflows'], notify: { webhook: { url: `${server.url}/hook` } } },
    files: { 'workflows/succeeds.ts': SUCCEEDS },
  })
  const id = await project.enqueue('succeeds', {})
  const db = await FileDatabase.open(project.paths.database)
  db.run('UPDATE jobs SET retries = -5 WHERE id = $id', { id })
  db.close()
  await project.run(['--no-tui', '--until-idle'])
  const message = `Row ${id} of table jobs is not valid: `
  t.match((await server.arrived(1))[0]?.body, message)
  const crashes = await project.ask(z.array(CrashSummary), 'crashes')
  t.match(crashes, [{ jobId: id, attempt: 1, errorCode: 'document-invalid', workflow: 'succeeds', message }])
})
