import { readdirSync } from 'node:fs'
import t from 'tap'
import type { Outcome } from '../../../../lib/model/job/outcome.ts'
import { parseProxy } from '../../../../lib/model/proxy/proxy-address.ts'
import { ANY_PROXY } from '../../../../lib/model/proxy/proxy.ts'
import { errorRecord } from '../../../helpers/builders/error-record.ts'
import { enqueue } from '../../../helpers/store/job-store.ts'
import { FIXTURE, testScheduler } from '../../../helpers/store/test-scheduler.ts'
import type { ScriptedWorker } from '../../../helpers/store/scripted-workers.ts'
import { until } from '../../../helpers/until.ts'

const won: Outcome = { status: 'succeeded', result: 1 }
const KEPT = { ...FIXTURE, isolation: 'context' } as const

t.test('a reusable worker runs one job after another, and is replaced after its limit', async t => {
  const { store, workers, scheduler, untilState } = await testScheduler(t, {
    slots: 1,
    recycle: { jobs: 2, bytes: 1024 },
  })
  scheduler.setWorkflows({ workflows: [KEPT], broken: [] })
  const jobs = [await enqueue(store), await enqueue(store)]
  const worker = await workers.forked(1)
  for (const [index, id] of jobs.entries()) {
    await until('its assignment', () => worker.assignment.jobId === id)
    t.match(worker.assignment, { isolation: 'context', start: index === 0 ? 'cold' : 'reused' })
    worker.done(won)
    await untilState(id, 'succeeded')
  }
  await until('the end of its time', () => worker.stops.length === 1)
  worker.exit(0)
  await until('no process', () => scheduler.processes === 0)
  t.equal(workers.all.length, 1)
})

t.test('keeps a worker when slower workflows become known, and replaces it after a full reload', async t => {
  const { store, workers, scheduler, untilState } = await testScheduler(t, { slots: 1 })
  scheduler.setWorkflows({ workflows: [KEPT], broken: [] }, false)
  const first = await enqueue(store)
  const kept = await workers.forked(1)
  kept.done(won)
  await untilState(first, 'succeeded')
  scheduler.setWorkflows({ workflows: [KEPT, { ...FIXTURE, name: 'slow' }], broken: [] }, true, false)
  const second = await enqueue(store)
  await until('its next assignment', () => kept.assignment.jobId === second)
  scheduler.setWorkflows({ workflows: [KEPT], broken: [] })
  kept.done(won)
  await until('its end', () => kept.stops.length === 1)
  kept.exit(0)
  await untilState(second, 'succeeded')
})

t.test('a job whose idle worker died before it began goes to another worker, without a failure', async t => {
  const { store, workers, scheduler, untilState } = await testScheduler(t, { slots: 1, warm: 1 })
  const warm = await until('a warm worker', () => workers.all[0])
  warm.ready()
  const id = await enqueue(store)
  await until('its assignment', () => warm.given)
  t.equal(warm.assignment.start, 'warm')
  warm.exit(null, 'SIGKILL')
  const other = await until('another worker', () =>
    workers.all.find(one => one !== warm && one.given !== undefined),
  )
  other.end(won)
  t.match(await untilState(id, 'succeeded'), { attempt: 1, failures: 0 })
  t.strictSame(await store.call('crashes.list', {}), [])
  t.ok(scheduler.processes <= 2)
})

t.test('a held browser closes at its time, wherever the clock is set', async t => {
  for (const jumpMs of [-86_400_000, 86_400_000]) {
    const { store, workers, scheduler, clock, untilState } = await testScheduler(t, { keepForMs: 60_000 })
    const id = await enqueue(store, { retries: 0 })
    const worker = await workers.forked(1)
    worker.keepOpen(
      { status: 'failed', error: errorRecord('bad'), phase: null },
      Math.round(clock.now()) + 60_000,
    )
    await untilState(id, 'failed')
    await until('rest', () => scheduler.idle)
    clock.jump(jumpMs)
    clock.advance(59_999)
    scheduler.wake()
    await until('rest', () => scheduler.idle)
    t.strictSame(worker.stops, [])
    clock.advance(1)
    await until('its end', () => worker.stops.length === 1)
    worker.exit(0)
    await until('no process', () => scheduler.processes === 0)
  }
})

t.test('a reused worker that dies before its next job begins does not affect that job', async t => {
  const { store, workers, scheduler, paths, untilState, untilIdle } = await testScheduler(t, { slots: 1 })
  scheduler.setWorkflows({ workflows: [KEPT], broken: [] })
  const first = await enqueue(store)
  const kept = await workers.forked(1)
  kept.done(won)
  await untilState(first, 'succeeded')
  const second = await enqueue(store, { retries: 0 })
  await until('its next assignment', () => kept.assignment.jobId === second)
  kept.exit(null, 'SIGKILL')
  const other = await workers.forked(2)
  other.end({ status: 'succeeded', result: 2 })
  t.match(await untilState(second, 'succeeded'), { attempt: 1, failures: 0, result: 2 })
  t.strictSame(await store.call('crashes.list', {}), [])
  await untilIdle()
  t.strictSame(readdirSync(paths.results), [])
})

t.test('a reused worker that dies after its next job began is a crash of that job only', async t => {
  const { store, workers, scheduler, untilState } = await testScheduler(t, { slots: 1 })
  scheduler.setWorkflows({ workflows: [KEPT], broken: [] })
  const first = await enqueue(store)
  const kept = await workers.forked(1)
  kept.done(won)
  await untilState(first, 'succeeded')
  const second = await enqueue(store, { retries: 0 })
  await until('its next assignment', () => kept.assignment.jobId === second)
  kept.end({ status: 'failed', error: errorRecord('bad'), phase: null })
  t.match(await untilState(second, 'failed'), { failures: 1, error: { message: 'bad' } })
  t.match(await store.call('crashes.list', {}), [{ jobId: second }])
})

t.test('a worker started with other variables of `.env` takes no more jobs', async t => {
  const { apply, store, workers, scheduler, untilState } = await testScheduler(t, {
    slots: 1,
    warm: 1,
    environment: { SHOP_PASSWORD: 'old' },
  })
  scheduler.setWorkflows({ workflows: [KEPT], broken: [] })
  const warm = await until('a warm worker', () => workers.all[0])
  warm.ready()
  apply({ environment: { SHOP_PASSWORD: 'old' } })
  const first = await enqueue(store)
  await until('its assignment', () => warm.given)
  apply({ environment: { SHOP_PASSWORD: 'new' } })
  warm.done(won)
  await untilState(first, 'succeeded')
  await until('the end of its time', () => warm.stops.length === 1)
  warm.exit(0)
  t.ok(
    await until('another one', () => workers.all.at(-1) !== warm && !workers.all.at(-1)?.gone),
    'in its place',
  )
})

t.test(
  'workers with other secrets or another token are replaced; a busy one redacts the new ones',
  async t => {
    const telling = (secret: string, token: string) => ({
      secrets: [secret],
      telling: {
        telegram: { token, chat: '1', apiRoot: 'https://api.telegram.org', photos: false },
        ...{ language: 'en' as const, project: 'shop' },
      },
    })
    const { apply, store, workers, scheduler, untilState } = await testScheduler(t, {
      ...{ slots: 2, warm: 1 },
      fallback: telling('sonata', 'old-token'),
    })
    scheduler.setWorkflows({ workflows: [KEPT], broken: [] })
    const leaves = async (worker: ScriptedWorker) => {
      await until('its end', () => worker.stops.length === 1)
      worker.exit(0)
    }
    const given = (id: number) => until('its worker', () => workers.all.find(one => one.given?.jobId === id))
    const warm = await until('a warm worker', () => workers.all[0])
    warm.ready()
    apply({ fallback: telling('sonata', 'new-token') })
    await leaves(warm)

    const jobs = { first: await enqueue(store), second: await enqueue(store) }
    const kept = await given(jobs.first)
    const busy = await given(jobs.second)
    kept.done(won)
    await untilState(jobs.first, 'succeeded')
    apply({ fallback: telling('moonlight', 'new-token') })
    scheduler.shareSecrets()
    await leaves(kept)
    t.strictSame(busy.stops, [])
    t.strictSame(busy.redacts, ['moonlight', 'new-token'])
    busy.done(won)
    await untilState(jobs.second, 'succeeded')
    await leaves(busy)
  },
)

t.test('starts no warm worker while no workflow can use one', async t => {
  const proxies = ['http://127.0.0.1:8', 'http://127.0.0.1:9'].map(address => {
    const proxy = parseProxy(address)
    if ('problem' in proxy) throw new Error(proxy.problem)
    return proxy
  })
  const { setFiles, store, workers, scheduler, untilState, untilIdle } = await testScheduler(t, {
    warm: 1,
    proxies: { configured: true, list: () => Promise.resolve(proxies) },
  })
  const id = await enqueue(store)
  const worker = await workers.forked(1)
  t.equal(worker.assignment.start, 'cold')
  worker.end(won)
  await untilState(id, 'succeeded')
  await untilIdle()
  t.equal(workers.all.length, 1)

  t.comment('with a workflow that uses no proxy')
  const direct = { ...FIXTURE, name: 'direct', proxy: { ...ANY_PROXY, use: 'never' } } as const
  setFiles({ workflows: [FIXTURE, direct], broken: [] })
  const warm = await until('a warm worker', () => workers.all[1])
  warm.ready()
  await untilIdle()
  t.strictSame(warm.stops, [])

  t.comment('after the workflow was removed')
  setFiles({ workflows: [FIXTURE], broken: [] })
  await until('the end of its time', () => warm.stops.length === 1)
  warm.exit(0)
  await until('no process', () => scheduler.processes === 0)
  await untilIdle()
  t.equal(workers.all.length, 2)
})
