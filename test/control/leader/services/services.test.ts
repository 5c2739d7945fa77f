import { join } from 'node:path'
import t from 'tap'
import { continuousService } from '../../../../lib/control/leader/services/continuous-service.ts'
import { ContinuousServices } from '../../../../lib/control/leader/services/continuous-services.ts'
import { cronService } from '../../../../lib/control/leader/services/cron-service.ts'
import type { Service } from '../../../../lib/control/service.ts'
import { Services } from '../../../../lib/control/leader/services/services.ts'
import { Schedules } from '../../../../lib/control/leader/schedules/schedules.ts'
import { ServiceDocument } from '../../../../lib/model/worker/documents.ts'
import { ScheduleRequest } from '../../../../lib/model/schedule/schedule-request.ts'
import { readJsonSync } from '../../../../lib/files/documents/atomic-json.ts'
import { errorRecord } from '../../../helpers/builders/error-record.ts'
import { timedStore } from '../../../helpers/store/job-store.ts'
import { RecordingLog } from '../../../helpers/recording-log.ts'
import { FIXTURE } from '../../../helpers/store/test-scheduler.ts'
import { until } from '../../../helpers/until.ts'

/** Returns a service that records its operations. `gate` can delay its start. */
function plain(name: string, doings: string[], gate: () => Promise<void> = () => Promise.resolve()): Service {
  return {
    name,
    desiredAtFirst: 'stopped',
    essential: false,
    start: async () => {
      doings.push(`${name} starts`)
      await gate()
    },
    stop: async () => {
      doings.push(`${name} stops`)
    },
    doing: () => null,
  }
}

async function services(t: Parameters<typeof timedStore>[0]) {
  const { store, paths, clock } = await timedStore(t)
  const log = new RecordingLog()
  const services = new Services({ store, paths, clock, log, wanted: { configured: 'running' } })
  const actual = (name: string) =>
    readJsonSync(join(paths.serviceStates, `${name}.json`), ServiceDocument).actual
  const wish = (name: string, said: 'start' | 'stop' | 'restart') =>
    store.call('services.wish', { name, wish: said })
  return { store, paths, clock, log, services, actual, wish }
}

t.test('receives a wish from the store, which outlives the program', async t => {
  const { services: first, store, clock, log, actual, wish } = await services(t)
  const doings: string[] = []
  await first.add(plain('one', doings))
  first.listen()
  await wish('one', 'start')
  await until('the start', () => actual('one') === 'running')
  await first.shutdown()
  t.equal(actual('one'), 'stopped')
  t.strictSame(doings, ['one starts', 'one stops'])
  t.match(await store.call('services.list', {}), [{ name: 'one', desired: 'running' }])
  t.ok(clock.now() > 0 && log.lines.length === 0)
})

t.test('a slow start blocks no other service, and an old wish never follows a newer one', async t => {
  const { services: all, actual, wish } = await services(t)
  const doings: string[] = []
  const gate = Promise.withResolvers<undefined>()
  await all.add(plain('slow', doings, () => gate.promise))
  await all.add(plain('quick', doings))
  all.listen()
  await wish('slow', 'start')
  await until('the slow start', () => actual('slow') === 'starting')
  await wish('quick', 'start')
  await until('the quick start', () => actual('quick') === 'running')
  await wish('quick', 'restart')
  await until('the restart', () => doings.length === 4)
  await wish('quick', 'stop')
  await until('the stop', () => actual('quick') === 'stopped')
  gate.resolve(undefined)
  await until('the slow start', () => actual('slow') === 'running')
  await all.shutdown()
  t.strictSame(doings, [
    ...['slow starts', 'quick starts', 'quick stops', 'quick starts', 'quick stops', 'slow stops'],
  ])
})

t.test('the configuration sets the desired state of a service until an operator does', async t => {
  const { services: first, store, paths, clock, log, actual, wish } = await services(t)
  await first.add(plain('configured', []))
  t.equal(actual('configured'), 'running')
  await first.shutdown()
  const restart = async (wanted: 'running' | 'stopped') => {
    const next = new Services({ store, paths, clock, log, wanted: { configured: wanted } })
    await next.add(plain('configured', []))
    const now = actual('configured')
    await next.shutdown()
    return now
  }
  t.equal(await restart('stopped'), 'stopped', 'a changed configuration counts at the next start')
  t.equal(await restart('running'), 'running')
  await wish('configured', 'stop')
  t.equal(await restart('running'), 'stopped', "the operator's wish stays")
})

t.test('receives a wish made before the service listened', async t => {
  const { services: all, actual, wish } = await services(t)
  await all.add(plain('one', []))
  await wish('one', 'start')
  all.listen()
  await until('the start', () => actual('one') === 'running')
  await all.shutdown()
})

t.test('a continuous workflow has one job at a time, and its next job after a pause', async t => {
  const { store, clock } = await timedStore(t)
  const service = continuousService(
    store,
    'fixture',
    () => FIXTURE,
    () => clock.now(),
    new RecordingLog(),
  )
  const fail = (error: unknown) => t.fail(String(error))
  const open = async () =>
    (await store.call('jobs.list', { states: ['queued', 'running'] })).map(({ id }) => id)
  await service.start(fail)
  const [first = 0, ...more] = await open()
  t.strictSame(more, [])
  t.strictSame(service.doing(), { what: 'job', id: first })
  await store.call('jobs.claim', { id: first })
  await store.call('jobs.finish', { id: first, attempt: 1, state: 'succeeded', result: 1 })
  const next = await until('the next job', async () => (await open())[0])
  t.match(await store.call('jobs.read', { id: next }), {
    dueAt: clock.now() + 1_000,
    uniqueKey: 'workflow-fixture',
  })
  await service.stop('stop')
  t.match(await store.call('jobs.read', { id: next }), { state: 'cancelled' })
  t.strictSame(await open(), [])
  await service.start(fail)
  t.equal((await open()).length, 1)
  await service.stop('stop')
})

t.test('a failed job of a continuous workflow ends its service, and a restart queues a new job', async t => {
  const { store, clock } = await timedStore(t)
  const service = continuousService(
    store,
    'fixture',
    () => FIXTURE,
    () => clock.now(),
    new RecordingLog(),
  )
  const failed = Promise.withResolvers<unknown>()
  await service.start(error => failed.resolve(error))
  await store.call('jobs.claim', { id: 1 })
  await store.call('jobs.finish', {
    id: 1,
    attempt: 1,
    state: 'failed',
    error: errorRecord('no such button'),
  })
  t.match(await failed.promise, { code: 'workflow', message: 'Job 1 failed: no such button' })
  t.equal((await store.call('jobs.counts', {})).queued, 0, 'nothing is queued before the next start')
  await service.start(error => t.fail(String(error)))
  t.match(service.doing(), { what: 'job', id: 2 })
  await service.stop('stop')
})

t.test('the job of a continuous workflow outlives its scheduler, unless its service was stopped', async t => {
  const { store, clock, paths } = await timedStore(t)
  const log = new RecordingLog()
  const wanted = {}
  const scheduler = async () => {
    const all = new Services({ store, paths, clock, log, wanted })
    const continuous = new ContinuousServices({ store, paths, clock, log, wanted }, all)
    continuous.keep({ workflows: [{ ...FIXTURE, continuous: true }], broken: [] }, true)
    await continuous.settled()
    return all
  }
  const want = (desired: 'start' | 'stop') =>
    store.call('services.wish', { name: 'workflow-fixture', wish: desired })
  await (await scheduler()).shutdown()
  await want('start')
  await (await scheduler()).shutdown()
  t.match(await store.call('jobs.list', {}), [{ id: 1, state: 'queued' }])
  await (await scheduler()).shutdown()
  t.match(await store.call('jobs.list', {}), [{ id: 1, state: 'queued' }], 'the next scheduler adopts it')
  await want('stop')
  await (await scheduler()).shutdown()
  t.match(await store.call('jobs.list', {}), [{ id: 1, state: 'cancelled' }])
})

t.test('a stop while the next job is being queued leaves no job', async t => {
  const { store, clock } = await timedStore(t)
  const service = continuousService(
    store,
    'fixture',
    () => FIXTURE,
    () => clock.now(),
    new RecordingLog(),
  )
  await service.start(error => t.fail(String(error)))
  const [job] = await store.call('jobs.list', {})
  const id = job?.id ?? 0
  await store.call('jobs.claim', { id })
  const ended = store.call('jobs.finish', { id, attempt: 1, state: 'succeeded', result: 1 })
  const told = Promise.withResolvers<undefined>()
  store.onChange(() => told.resolve(undefined))
  await told.promise
  await service.stop('stop')
  await ended
  t.match(await store.call('jobs.counts', {}), { queued: 0, running: 0, succeeded: 1 })
})

t.test('a wish during a drain does not let schedules queue jobs', async t => {
  const { services: all, store, clock, log, actual, wish } = await services(t)
  const schedules = new Schedules({
    ...{ store, clock, log },
    workflow: () => FIXTURE,
    onRest: () => undefined,
  })
  t.teardown(() => schedules.stop())
  const schedule = ScheduleRequest.parse({ name: 'often', workflow: 'fixture', every: '1m' })
  await store.call('schedules.put', { schedule })
  await all.add(cronService(schedules))
  await all.add(plain('later', []))
  all.listen()
  await all.end('cron')
  t.equal(actual('cron'), 'stopped')
  await wish('cron', 'restart')
  await wish('later', 'start')
  await until('the later wish', () => actual('later') === 'running')
  t.equal(actual('cron'), 'stopped')
  t.equal(schedules.nextRun, null)
  clock.advance(60_000)
  await until('rest', () => schedules.settled)
  t.strictSame(await store.call('schedules.runs', { limit: 1 }), [])
  t.match(await store.call('services.list', {}), [{ name: 'cron', desired: 'running', generation: 1 }, {}])
  await all.shutdown()
})
