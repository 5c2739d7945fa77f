import t from 'tap'
import { Schedules } from '../../../../lib/control/leader/schedules/schedules.ts'
import type { WorkflowDescription } from '../../../../lib/model/job/workflow.ts'
import { nextRuns } from '../../../../lib/model/job/run-times.ts'
import { ScheduleRequest } from '../../../../lib/model/schedule/schedule-request.ts'
import { timedStore } from '../../../helpers/store/job-store.ts'
import { RecordingLog } from '../../../helpers/recording-log.ts'
import { FIXTURE } from '../../../helpers/store/test-scheduler.ts'
import { until } from '../../../helpers/until.ts'

const MINUTE_MS = 60_000

async function world(t: Parameters<typeof timedStore>[0]) {
  const { store, clock } = await timedStore(t)
  const log = new RecordingLog()
  const known = new Map<string, WorkflowDescription | null>([['fixture', { ...FIXTURE, workers: 3 }]])
  const cron = () => {
    const schedules = new Schedules({
      ...{ store, clock, log },
      workflow: name => known.get(name),
      onRest: () => undefined,
    })
    t.teardown(() => schedules.stop())
    schedules.start()
    return schedules
  }
  const add = (change: Partial<ScheduleRequest> = {}) =>
    store.call('schedules.put', {
      schedule: ScheduleRequest.parse({ name: 'often', workflow: 'fixture', every: '1m', ...change }),
    })
  const runs = async () =>
    (await store.call('schedules.runs', { limit: 100 }))
      .reverse()
      .map(({ outcome, dueAt, missed }) => [outcome, (dueAt ?? 0) - 1_000, missed])
  const settled = (schedules: Schedules) => until('a settled cron', () => schedules.settled)
  return { store, clock, log, known, cron, add, runs, settled }
}

t.test('queues a job at each due time by the clock', async t => {
  const { store, clock, cron, add, runs, settled } = await world(t)
  await add({ overlap: 'queue' })
  const schedules = cron()
  await settled(schedules)
  t.strictSame(schedules.nextRun, { schedule: 'often', at: 1_000 + MINUTE_MS })
  clock.advance(MINUTE_MS / 2)
  await settled(schedules)
  clock.advance(MINUTE_MS / 2)
  await until('the run', async () => (await runs()).length === 1)
  await settled(schedules)
  t.strictSame(await runs(), [['fired', MINUTE_MS, 0]])
  t.match(await store.call('jobs.read', { id: 1 }), { workers: 3, retries: 2, origin: 'schedule:often' })
  t.strictSame(schedules.nextRun, { schedule: 'often', at: 1_000 + 2 * MINUTE_MS })
})

t.test('two concurrent services and a later one queue one job for a due time', async t => {
  const { clock, cron, add, runs, settled } = await world(t)
  await add()
  const two = [cron(), cron()]
  for (const one of two) await settled(one)
  clock.advance(MINUTE_MS)
  await until('the run', async () => (await runs()).length > 0)
  for (const one of two) {
    await settled(one)
    await one.stop()
  }
  await settled(cron())
  t.strictSame(await runs(), [['fired', MINUTE_MS, 0]])
})

t.test('catches up only on the last run after a sleep or without a scheduler', async t => {
  const { clock, cron, add, runs, settled } = await world(t)
  await add({ catchUp: '1m' })
  await add({ name: 'late', every: '1h', catchUp: '10m' })
  const schedules = cron()
  await settled(schedules)
  await schedules.stop()
  clock.advance(90 * MINUTE_MS + 30_000)
  await settled(cron())
  t.strictSame((await runs()).sort(), [
    ['fired', 90 * MINUTE_MS, 89],
    ['missed', 60 * MINUTE_MS, 0],
  ])
})

t.test('a due run waits until its workflow is known, and then still counts', async t => {
  const { clock, known, cron, add, runs, settled, store } = await world(t)
  await add({ workflow: 'slow-to-load' })
  await add({ name: 'other', overlap: 'queue' })
  const schedules = cron()
  clock.advance(MINUTE_MS)
  await until('the other run', async () => (await runs()).length === 1)
  t.equal(schedules.settled, false)
  known.set('slow-to-load', null)
  schedules.wake()
  await settled(schedules)
  t.equal((await runs()).length, 2)
  t.match(await store.call('jobs.list', { workflow: 'slow-to-load' }), [
    { state: 'queued', unresolved: ['workers', 'retries', 'domains'] },
  ])
})

t.test('a job of a schedule visits the domain in the default of a field, known now or later', async t => {
  const { clock, known, cron, add, runs, settled, store } = await world(t)
  const domains = { names: [], from: 'url' }
  const inputSchema = {
    type: 'object',
    properties: { url: { type: 'string', default: 'http://shop.example/x' } },
  }
  known.set('fixture', { ...FIXTURE, domains, inputSchema })
  known.set('unread', null)
  await add()
  await add({ name: 'later', workflow: 'unread' })
  await settled(cron())
  clock.advance(MINUTE_MS)
  await until('both runs', async () => (await runs()).length === 2)
  const [job] = await store.call('jobs.list', { workflow: 'fixture' })
  t.strictSame(job?.domains, ['shop.example'])
  const [unread] = await store.call('jobs.list', { workflow: 'unread' })
  const id = unread?.id ?? 0
  await store.call('jobs.resolve', { id, workers: 1, retries: 1, domains, inputSchema })
  t.match(await store.call('jobs.read', { id }), { domains: ['shop.example'], unresolved: null })
})

t.test('a workflow does not override the workers of a schedule', async t => {
  const { clock, known, cron, add, runs, settled, store } = await world(t)
  await add({ workers: 4 })
  known.set('fixture', null)
  await settled(cron())
  clock.advance(MINUTE_MS)
  await until('the run', async () => (await runs()).length === 1)
  await store.call('jobs.resolve', { id: 1, workers: 2, retries: 5, inputSchema: {} })
  t.match(await store.call('jobs.read', { id: 1 }), { workers: 4, retries: 5, unresolved: null })
})

t.test('notices a schedule that is created, paused and resumed while cron runs', async t => {
  const { store, clock, cron, add, runs, settled } = await world(t)
  const schedules = cron()
  await settled(schedules)
  t.equal(schedules.nextRun, null)
  await add({ overlap: 'queue' })
  await until('the next run', () => schedules.nextRun !== null)
  await store.call('schedules.pause', { name: 'often', paused: true })
  await until('no next run', () => schedules.nextRun === null)
  clock.advance(10 * MINUTE_MS)
  await settled(schedules)
  t.strictSame(await runs(), [])
  await store.call('schedules.pause', { name: 'often', paused: false })
  await until('the next run', () => schedules.nextRun?.at === 1_000 + 11 * MINUTE_MS)
  clock.advance(MINUTE_MS)
  await until('the run', async () => (await runs()).length === 1)
  t.strictSame(await runs(), [['fired', 11 * MINUTE_MS, 0]])
})

t.test('logs repeated failures of schedules once, and the recovery once', async t => {
  const { clock, log, known, cron, add, runs, settled } = await world(t)
  await add()
  known.set('fixture', { ...FIXTURE, workers: 0 })
  const schedules = cron()
  clock.advance(MINUTE_MS)
  await until('the failure', () => log.lines.length > 0)
  for (let second = 0; second < 5; second++) {
    await settled(schedules)
    clock.advance(1_000)
  }
  await settled(schedules)
  t.match(log.lines, [/^error: The schedules could not be checked and are being retried: /])
  t.equal(log.lines.length, 1)
  known.set('fixture', FIXTURE)
  clock.advance(1_000)
  await until('the run', async () => (await runs()).length === 1)
  await settled(schedules)
  t.same(log.lines.slice(1), ['warn: The schedules can be checked again.'])
})

const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

for (const [name, byMs] of [
  ['an hour', HOUR_MS],
  ['a day', DAY_MS],
  ['thirty days', 30 * DAY_MS],
] as const) {
  t.test(`a clock that jumps by ${name}, and back, silences no schedule`, async t => {
    const { store, clock, log, cron, add, runs, settled } = await world(t)
    clock.advance(365 * DAY_MS)
    // One schedule of each kind, because intervals count from their creation and expressions use
    // the time of day.
    await add()
    await add({ name: 'by-the-clock', every: undefined, cron: '* * * * *', timeZone: 'UTC' })
    const schedules = cron()
    await settled(schedules)
    const count = async () => (await runs()).length
    const endJobs = async () => {
      for (const { id, state } of await store.call('jobs.list', {}))
        if (state === 'queued') await store.call('jobs.cancel', { id })
    }
    const runsWithin = async (minutes: number, what: string) => {
      const before = await count()
      for (let minute = 0; minute < minutes; minute++) {
        clock.advance(MINUTE_MS / 2)
        await settled(schedules)
        clock.advance(MINUTE_MS / 2)
        await settled(schedules)
        await endJobs()
        await settled(schedules)
      }
      t.ok((await count()) >= before + 2 * (minutes - 1), what)
    }
    await runsWithin(3, 'before any jump')
    clock.jump(byMs)
    await runsWithin(3, 'after a jump forward')
    const told = log.lines.length
    clock.jump(-byMs)
    await runsWithin(4, 'after the jump back')
    const lines = log.lines.slice(told)
    t.match(lines.join('\n'), /Schedule "often" continues from now, because the clock was set back/)
    t.match(lines.join('\n'), /Schedule "by-the-clock" continues from now/)
    t.equal(lines.length, 2, 'each once')
    for (const schedule of await store.call('schedules.list', {})) {
      const [next = 0] = nextRuns(schedule, clock.now(), 1)
      t.ok(
        next > clock.now() && next <= clock.now() + MINUTE_MS,
        `${schedule.name}: the next run is within a minute`,
      )
    }
  })
}
