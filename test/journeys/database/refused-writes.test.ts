import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { SchedulerDocument, ServiceDocument } from '../../../lib/model/worker/documents.ts'
import { Job, JobSummary } from '../../../lib/model/job/job.ts'
import { noSizeLimit, refuseFileWrites } from '../../helpers/processes/file-size-limit.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { LiveConsole } from '../../helpers/terminal/live-console.ts'
import { loopDisk } from '../../helpers/processes/loop-disk.ts'
import { messageServer } from '../../helpers/sites/message-server.ts'
import type { MessageServer } from '../../helpers/sites/message-server.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'
import { gatedSite } from '../../helpers/processes/worker-run.ts'

const Status = z.object({ scheduler: SchedulerDocument, services: z.array(ServiceDocument) })
const Doctor = z.object({
  checks: z.array(
    z.object({
      check: z.string(),
      status: z.string(),
      message: z.string(),
      remedy: z.string().optional(),
    }),
  ),
})
const Message = z.object({ notice: z.object({ kind: z.string() }) })

const BEAT_MS = 5_000

/** Settings of a project that notifies `server` and sends it heartbeats. */
const telling = ({ url }: MessageServer) => ({
  notify: { webhook: { url }, heartbeat: { url: `${url}/beat`, every: `${BEAT_MS / 1_000}s` } },
})

const beats = ({ requests }: MessageServer) => requests.filter(({ path }) => path === '/beat').length

/** Returns the kinds of the notices that have arrived. */
const kinds = ({ requests }: MessageServer) =>
  requests.flatMap(({ method, body }) =>
    method === 'POST' ? [Message.parse(JSON.parse(body)).notice.kind] : [],
  )

/** Waits for two periods of the heartbeat, and returns the number of heartbeats in that time. */
async function beatsInTwoPeriods(server: MessageServer): Promise<number> {
  const [before, since] = [beats(server), performance.now()]
  await until('two periods', () => performance.now() - since > 2 * BEAT_MS)
  return beats(server) - before
}

t.test(
  'an idle scheduler pauses its heartbeat and notifies once while its database cannot be written',
  { skip: noSizeLimit },
  async t => {
    const server = await messageServer(t)
    const project = new JourneyProject(t, newFolder(), {
      workflows: ['succeeds-late'],
      settings: telling(server),
    })
    const scheduler = await project.schedule()
    const trouble = async () =>
      (await project.ask(Status, 'status')).services.find(({ name }) => name === 'scheduler')?.doing
    await until('a beat', () => beats(server) > 0)
    t.equal(await trouble(), null)

    refuseFileWrites(scheduler.pid, true)
    await until('the notice', () => kinds(server).length > 0)
    t.match(await trouble(), { what: 'trouble', message: /cannot be written.*quota.*retries automatically/ })
    t.match((await project.run(['services'])).stdout, /scheduler .*The database cannot be written/)
    t.equal(await beatsInTwoPeriods(server), 0)
    t.strictSame(kinds(server), ['writes-refused'], 'the notice is sent once')

    refuseFileWrites(scheduler.pid, false)
    const known = beats(server)
    await until('the notice of the end', () => kinds(server).includes('writes-resumed'))
    await until('a beat', () => beats(server) > known)
    t.strictSame(kinds(server), ['writes-refused', 'writes-resumed'])
    // Notices are sent at once, but the state of the service is written later.
    await until('the end of the trouble', async () => (await trouble()) === null)
    const job = await project.enqueue('succeeds-late', { at: 1 })
    await until('the job', async () =>
      (await project.ask(z.array(JobSummary), 'jobs')).some(
        ({ id, state }) => id === job && state === 'succeeded',
      ),
    )
    scheduler.signal('SIGTERM')
    t.equal((await scheduler.ended).code, 0)
  },
)

/** Workflow that adds a line to a file and visits a gate, in one phase with a limit. */
const PAYS = `import { appendFileSync } from 'node:fs'
import { defineWorkflow, z } from 'automate-tui'

export default defineWorkflow({
  name: 'pays',
  input: z.object({ gate: z.url(), file: z.string() }),
  result: z.string(),
})
  .phase('pay', { timeout: '12s' }, async ({ page, step, input }) => {
    appendFileSync(input.file, 'paid\\n')
    step('at the gate')
    await page.goto(input.gate, { timeout: 0 })
    return 'paid'
  })
`

t.test(
  'stores a result that waited for the database past its phase limit, without a second attempt',
  { skip: noSizeLimit },
  async t => {
    const server = await messageServer(t)
    const site = await gatedSite('<h1>Shop</h1>')
    t.teardown(site.close)
    const project = new JourneyProject(t, newFolder(), {
      workflows: [],
      workers: 1,
      settings: telling(server),
      files: { 'workflows/pays.ts': PAYS },
    })
    const file = join(project.root, 'payments')
    const id = await project.enqueue('pays', { gate: `${site.url}/gate`, file })
    const scheduler = await project.schedule()
    await project.atStep(id, 'at the gate')
    const workers = project.workers()
    t.equal(workers.length, 1)
    const processes = [scheduler.pid, ...workers.map(({ pid }) => pid)]
    for (const pid of processes) refuseFileWrites(pid, true)
    await site.open('/gate')
    await until('the notice', () => kinds(server).includes('writes-refused'))
    const since = performance.now()
    await until('the limit of the phase to be long past', () => performance.now() - since > 20_000)

    for (const pid of processes) refuseFileWrites(pid, false)
    const { result } = await scheduler.event('the result', ({ event }) => event === 'result')
    t.equal(result, 'paid')
    t.match(await project.ask(Job, 'jobs', String(id)), { state: 'succeeded', attempt: 1, failures: 0 })
    t.equal(readFileSync(file, 'utf8'), 'paid\n')
  },
)

/** Workflow with a service that queues one job after the other. */
const WATCHES = `import { defineWorkflow, z } from 'automate-tui'

export default defineWorkflow({ name: 'watches', continuous: true, input: z.object({}), result: z.null() })
  .phase('watch', { timeout: '60s' }, () => null)
`

t.test(
  'applies all changes made while writes were refused once writes succeed again',
  { skip: noSizeLimit },
  async t => {
    const [server, other] = [await messageServer(t), await messageServer(t)]
    const project = new JourneyProject(t, newFolder(), {
      workflows: ['succeeds-late'],
      settings: { ...telling(server), services: { 'workflow-watches': 'running' } },
    })
    const scheduler = await project.schedule()
    await until('a beat', () => beats(server) > 0)
    refuseFileWrites(scheduler.pid, true)
    await until('the notice', () => kinds(server).includes('writes-refused'))
    const schedules = [{ name: 'nightly', workflow: 'succeeds-late', every: '1h', input: { at: 1 } }]
    const config = { warmWorkers: 0, workers: 2, workflows: ['journeys', 'workflows'], ...telling(other) }
    writeFileSync(join(project.root, 'workflows', 'watches.ts'), WATCHES)
    writeFileSync(
      join(project.root, 'automate.config.ts'),
      `export default ${JSON.stringify({ ...config, services: { 'workflow-watches': 'running' }, schedules })}\n`,
    )
    await scheduler.says('The changed configuration could not be applied completely')
    await scheduler.says('The service of workflow "watches" could not be added')

    refuseFileWrites(scheduler.pid, false)
    await until('a beat at the new address', () => beats(other) > 0)
    const Schedules = z.array(z.object({ name: z.string() }))
    t.match(await project.ask(Schedules, 'schedules'), [{ name: 'nightly' }])
    await scheduler.event('the job of the service', ({ event }) => event === 'result')
    t.equal((await project.run(['notify', 'test', '--channel', 'webhook'])).code, 0)
  },
)

t.test('commands show the report of a scheduler whose disk is read-only', async t => {
  const disk = loopDisk(t)
  if (typeof disk === 'string') {
    t.pass('a disk', { skip: disk })
    return
  }
  const server = await messageServer(t)
  const project = new JourneyProject(t, disk.folder, {
    workflows: ['succeeds-late'],
    settings: telling(server),
  })
  const job = await project.enqueue('succeeds-late', { at: 1 })
  const scheduler = await project.schedule()
  await until('a beat', () => beats(server) > 0)
  await until('the job', async () =>
    (await project.ask(z.array(JobSummary), 'jobs')).some(
      ({ id, state }) => id === job && state === 'succeeded',
    ),
  )
  const attached = new LiveConsole(t, ['--root', project.root], [120, 40])
  await attached.see('● attached')
  disk.turnReadOnly()
  await until('the notice', () => kinds(server).includes('writes-refused'))
  t.equal(await beatsInTwoPeriods(server), 0)
  t.match((await project.run(['status'])).stdout, /The database cannot be written/)
  t.match(await project.ask(z.array(JobSummary), 'jobs'), [{ id: job, state: 'succeeded' }])
  const refused = await project.run(['enqueue', 'succeeds-late', '--input', 'at=1'])
  t.equal(refused.code, 4)

  t.comment('a workflow that did not start is not reported as failed')
  const worker = await project.run(['worker', 'succeeds-late', '--input', 'at=1'])
  t.equal(worker.code, 4)
  t.match(worker.stderr, /EROFS.*The disk is read-only: mount it writable/)
  t.notMatch(worker.stdout + worker.stderr, /\n {4}at /)

  t.comment('doctor names the folder')
  const doctor = await project.run(['doctor', '--json'])
  t.equal(doctor.code, 4)
  const folders = Doctor.parse(JSON.parse(doctor.stdout)).checks.find(({ check }) => check === 'folders')
  t.match(folders, {
    status: 'problem',
    message: new RegExp(`^${project.root}.* cannot be written: `),
    remedy: /disk .*read-only/,
  })

  t.comment('a scheduler that answers is not silent, and a stopped one is')
  await attached.see('! scheduler cannot write')
  const rows = await attached.see(/! The disk accepts no writes \(.+\)/)
  t.notMatch(rows.join('\n'), 'silent')
  const { stdout } = await project.run(['status'])
  t.match(
    stdout,
    /Warning: the scheduler answers, but cannot write its state: .+ The database cannot be written/s,
  )
  t.notMatch(stdout, /has not answered|hangs/)
  scheduler.signal('SIGSTOP')
  await attached.see(/! scheduler silent \d+ s/)
  scheduler.signal('SIGKILL')
  await scheduler.ended
})
