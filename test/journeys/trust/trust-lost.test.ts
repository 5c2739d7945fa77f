import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { SchedulerDocument, ServiceDocument } from '../../../lib/model/worker/documents.ts'
import { JobSummary } from '../../../lib/model/job/job.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { messageServer } from '../../helpers/sites/message-server.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'
import { gatedSite } from '../../helpers/processes/worker-run.ts'

const workflows = ['succeeds-late', 'visits']

const Message = z.object({ notice: z.object({ kind: z.string() }) })
const Tries = z.object({ attempt: z.int(), failures: z.int() })
const Status = z.object({ scheduler: SchedulerDocument, services: z.array(ServiceDocument) })

t.test(
  'a workflow that other users can change waits until they cannot, and no job is lost',
  { skip: process.platform === 'win32' && 'on Windows files have no modes' },
  async t => {
    const site = await gatedSite('<h1>Shop</h1>')
    t.teardown(site.close)
    const hook = await messageServer(t)
    const notify = { webhook: { url: hook.url }, heartbeat: { url: `${hook.url}/beat`, every: '5s' } }
    const project = new JourneyProject(t, newFolder(), { workflows, workers: 2, settings: { notify } })
    const kinds = () =>
      hook.requests.flatMap(({ method, body }) =>
        method === 'POST' ? [Message.parse(JSON.parse(body)).notice.kind] : [],
      )
    const workflow = join(project.root, 'journeys', 'succeeds-late.ts')
    const code = readFileSync(workflow, 'utf8')
    const ran = join(project.root, 'ran')
    const scheduler = project.start(['--no-tui', '--json'], { env: { AUTOMATE_TRUST: undefined } })
    const ended = (job: number) =>
      scheduler.event(
        `the end of job ${job}`,
        line =>
          line.event === 'job' &&
          line['job'] === job &&
          !['queued', 'running'].includes(String(line['state'])),
      )
    // Commands refuse the project too, unless their user trusts it.
    const env = { AUTOMATE_TRUST: project.root }
    const ask = async <S extends z.ZodType>(schema: S, ...args: string[]) =>
      schema.parse(JSON.parse((await project.run([...args, '--json'], { env })).stdout))
    const heartbeat = async () =>
      (await ask(Status, 'status')).services.find(({ name }) => name === 'heartbeat')?.doing

    t.match(await ended(await project.enqueue('succeeds-late', { at: 1 })), { state: 'succeeded' })
    const running = await project.enqueue('visits', { url: `${site.url}/gate`, n: 1 })
    await project.atStep(running, 'page 1')

    chmodSync(workflow, 0o666)
    writeFileSync(
      workflow,
      `import { writeFileSync } from 'node:fs'\nwriteFileSync(${JSON.stringify(ran)}, '')\n${code}`,
    )
    const waiting = await project.enqueue('succeeds-late', { at: 1 })
    await scheduler.event('its refusal', line => line.event === 'scheduler' && line['phase'] === 'untrusted')
    t.match((await project.run(['status'], { env })).stdout, /^Scheduler project not trusted, /)
    const why = /another user can change the project: no job starts until this is corrected/
    t.match((await project.run(['jobs', String(waiting)], { env })).stdout, why)
    t.match(await project.run(['status'], { env: { AUTOMATE_TRUST: undefined } }), {
      code: 2,
      stderr: `Run "chmod go-w ${workflow}"`,
    })
    await until('the notice', () => kinds().includes('project-untrusted'))
    await until('a heartbeat that stops', async () => (await heartbeat())?.what === 'trouble')
    await site.open('/gate')
    t.match(await ended(running), { state: 'succeeded' }, 'a running job continues')
    t.match(await ask(z.array(JobSummary), 'jobs', '--state', 'queued'), [{ id: waiting, attempt: 0 }])
    t.notOk(existsSync(ran), 'the changed workflow has not run')

    chmodSync(workflow, 0o644)
    t.match(await ended(waiting), { state: 'succeeded' })
    t.ok(existsSync(ran))
    t.match(await project.ask(Tries, 'jobs', String(waiting)), { attempt: 1, failures: 0 })
    await until('the notice of its end', () => kinds().includes('project-trusted'))
    t.strictSame(kinds(), ['project-untrusted', 'project-trusted'], 'each notice is sent once')
    await until('a heartbeat that goes on', async () => (await heartbeat()) === null)
    const refusals = scheduler.stderr.split('\n').filter(line => line.includes('No job starts'))
    t.match(refusals, [`Run "chmod go-w ${workflow}"`])
    t.equal(refusals.length, 1, scheduler.stderr)
    t.match(scheduler.stderr, /No other user can change the project any longer, so jobs start again/)
    scheduler.signal('SIGTERM')
    t.equal((await scheduler.ended).code, 0)
  },
)
