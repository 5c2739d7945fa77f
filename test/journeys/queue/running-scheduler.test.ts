import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { CrashReport, CrashSummary } from '../../../lib/model/failure/crash.ts'
import { SchedulerDocument, ServiceDocument, WorkerDocument } from '../../../lib/model/worker/documents.ts'
import { LogLine } from '../../../lib/model/log-line.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'
import { gatedSite } from '../../helpers/processes/worker-run.ts'

const Status = z.object({
  scheduler: SchedulerDocument.nullable(),
  services: z.array(ServiceDocument),
  workers: z.array(WorkerDocument),
  counts: z.record(z.string(), z.int()),
  metrics: z.object({ last: z.object({ memoryBytes: z.int() }) }).nullable(),
})

const workflows = ['counts', 'fails', 'succeeds-late', 'visits']
const sum = (values: readonly number[]) => values.reduce((all, one) => all + one, 0)

t.test('every command works on a running scheduler', async t => {
  const site = await gatedSite('<h1>Shop</h1>')
  t.teardown(site.close)
  const project = new JourneyProject(t, newFolder(), { workflows })
  const slow = await project.enqueue('visits', { url: `${site.url}/gate-1`, n: 1 })
  const scheduler = await project.schedule()
  const { pid } = await project.atStep(slow, 'page 1')

  const second = await project.run(['--no-tui'])
  t.equal(second.code, 4)
  t.match(second.stderr, new RegExp(`already runs in this project \\(process ${scheduler.pid}\\)`))
  t.match(await project.ask(Status, 'status'), {
    scheduler: { pid: scheduler.pid, phase: 'scheduling', slots: 4, active: 1 },
    services: [
      { name: 'cron' },
      { name: 'janitor', actual: 'running' },
      { name: 'notifier' },
      { name: 'scheduler' },
    ],
    workers: [{ pid, job: { jobId: slow }, phase: { index: 2, count: 3, name: 'open', step: 'page 1' } }],
    counts: { running: 1 },
  })
  const { metrics, scheduler: itself, workers } = await project.ask(Status, 'status')
  const bytes = [itself?.use, ...workers].map(one => one?.memoryBytes ?? 0)
  t.equal(metrics?.last.memoryBytes, sum(bytes), 'the total is the sum of all processes')
  t.match((await project.run(['status'])).stdout, /job 1 working 2\/3 open: page 1/)

  const failing = await project.enqueue('fails', { how: 'throws', url: site.url })
  const [crash] = await until('the crash report', async () => {
    const list = await project.ask(z.array(CrashSummary), 'crashes')
    return list.length > 0 && list
  })
  t.match(crash, { jobId: failing, phase: { name: 'add_step' }, message: 'no such button' })
  const report = await project.ask(CrashReport, 'crashes', String(crash?.id))
  t.match(report, { writtenBy: 'worker', url: `${site.url}/`, error: { message: 'no such button' } })
  t.match((await project.run(['crashes', String(crash?.id)])).stdout, /in 2\/3 add_step: button Add to cart/)

  const used = await project.run(['run', 'visits', '--input', `url=${site.url}`, '--input', 'n=9'])
  t.equal(used.code, 0)
  t.same(JSON.parse(used.stdout), { n: 9, heading: 'Shop' })
  t.match(used.stderr, /3\/3 report — done/)
  await scheduler.event('its work', ({ event, job }) => event === 'result' && job === 3)

  const wish = await project.run(['services', 'stop', 'scheduler'])
  t.equal(wish.code, 0)
  await scheduler.event('the stop', line => line['name'] === 'scheduler' && line['state'] === 'stopped')
  const waiting = await project.enqueue('succeeds-late', { at: 1 })
  t.match(await project.ask(Status, 'status'), { scheduler: { phase: 'paused' }, counts: { queued: 1 } })
  t.match((await project.run(['services'])).stdout, /scheduler +paused +paused/)
  const stopped = /The scheduler is paused.* Resume it with: automate-tui services start scheduler/
  t.match((await project.run(['status'])).stdout, stopped)
  t.match(await project.run(['retry', String(failing)]), { code: 0, stderr: stopped })
  await project.ask(z.unknown(), 'cancel', String(failing))
  t.same(await project.ask(z.unknown(), 'priority', String(waiting), '-20'), { id: waiting, priority: -20 })
  await scheduler.event('it', line => line.event === 'job.priority' && line['priority'] === -20)
  const late = await project.run(['priority', String(slow), '5'])
  t.equal(late.code, 2)
  t.match(late.stderr, `Job ${slow} is running, but only a waiting job has a priority.`)
  await project.ask(z.unknown(), 'services', 'start', 'scheduler')
  await scheduler.event('the result', line => line.event === 'result' && line['job'] === waiting)

  t.same(await project.ask(z.unknown(), 'cancel', String(slow)), { id: slow, state: 'running' })
  await scheduler.event('the cancel', line => line['job'] === slow && line['state'] === 'cancelled')
  const lines = (await project.run(['logs', '--json'])).stdout.trim().split('\n')
  t.ok(lines.map(line => LogLine.parse(JSON.parse(line))).some(({ jobId }) => jobId === failing))
  t.match((await project.run(['logs'])).stdout, /job 2 .*no such button/)

  scheduler.signal('SIGTERM')
  t.equal(
    (await scheduler.ended).code,
    process.platform === 'win32' ? null : 1,
    'the exit code reports a failed job',
  )
})

/** Workflow with a module that does not finish loading until the file `gate` exists. */
const READ_AT_A_GATE = `import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { defineWorkflow } from 'automate-tui'

while (!existsSync(join(import.meta.dirname, '..', 'gate'))) await setTimeout(20)

export default defineWorkflow({ name: 'read-at-a-gate' }).phase('rest', { timeout: '9s' }, () => undefined)
`

t.test('a scheduler that restarts shows starting, not paused', async t => {
  const files = { gate: '', 'workflows/read-at-a-gate.ts': READ_AT_A_GATE }
  const project = new JourneyProject(t, newFolder(), { workflows, files })
  const gate = join(project.root, 'gate')
  const scheduler = await project.schedule()
  const phases = () =>
    scheduler.events().flatMap(({ event, phase }) => (event === 'scheduler' ? [phase] : []))
  const states = () => scheduler.events().flatMap(({ name, state }) => (name === 'scheduler' ? [state] : []))
  await until('its service', () => states().at(-1) === 'running')
  const before = { phases: phases().length, states: states().length }
  rmSync(gate)
  t.match(await project.run(['services', 'restart', 'scheduler']), { code: 0 })
  await until('its phase', () => phases().length > before.phases)
  t.match(await project.ask(Status, 'status'), { scheduler: { phase: 'starting' } })
  t.match((await project.run(['status'])).stdout, /^Scheduler starting, /m)
  writeFileSync(gate, '')
  await until('the end of its restart', () => phases().at(-1) === 'scheduling')
  t.strictSame(phases().slice(before.phases), ['starting', 'scheduling'])
  t.notOk(states().slice(before.states).includes('stopped'), 'the service is not stopped either')

  t.comment('a person who stops the service pauses the scheduler')
  t.match(await project.run(['services', 'stop', 'scheduler']), { code: 0 })
  await until('the pause', () => phases().at(-1) === 'paused')
})
