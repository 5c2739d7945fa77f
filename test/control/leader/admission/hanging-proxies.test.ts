import t from 'tap'
import type { Test } from 'tap'
import { STOP_GRACE_MS } from '../../../../lib/control/decide/timeouts.ts'
import type { SchedulerDependencies } from '../../../../lib/control/scheduler/scheduler.ts'
import type { Outcome } from '../../../../lib/model/job/outcome.ts'
import type { Proxy } from '../../../../lib/model/proxy/proxy-address.ts'
import { ANY_PROXY } from '../../../../lib/model/proxy/proxy.ts'
import { enqueue } from '../../../helpers/store/job-store.ts'
import { FIXTURE, testScheduler } from '../../../helpers/store/test-scheduler.ts'
import { until } from '../../../helpers/until.ts'

const won: Outcome = { status: 'succeeded', result: 1 }
const DIRECT = { ...FIXTURE, name: 'direct', proxy: { ...ANY_PROXY, use: 'never' as const } }
const A: Proxy = { id: 'http://a:1', server: 'http://a:1', login: null }
const B: Proxy = { id: 'http://b:1', server: 'http://b:1', login: null }

/**
 * Makes a scheduler with one workflow that uses proxies and another that does not. The test
 * resolves each call for proxies.
 */
async function asking(t: Pick<Test, 'teardown' | 'equal'>, change: Partial<SchedulerDependencies> = {}) {
  const calls: PromiseWithResolvers<readonly Proxy[]>[] = []
  const list = () => {
    const call = Promise.withResolvers<readonly Proxy[]>()
    calls.push(call)
    return call.promise
  }
  const world = await testScheduler(t, { proxies: { configured: true, list }, ...change })
  world.setFiles({ workflows: [FIXTURE, DIRECT], broken: [] })
  const { store, workers, job } = world
  const call = (nth: number) => until(`call ${nth}`, () => calls[nth - 1])
  const direct = () => enqueue(store, { workflow: 'direct' })
  const workerOf = (id: number) =>
    until(`the worker of job ${id}`, () =>
      workers.all.find(({ given, gone }) => !gone && given?.jobId === id),
    )
  const waiting = (id: number, reason: RegExp) =>
    until(`job ${id} to wait`, async () => {
      const waits = await store.call('jobs.waits', { id })
      return reason.test(JSON.stringify(waits.reason)) && job(id)
    })
  const succeeds = async (id: number, proxyServer: string | null) => {
    const worker = await workerOf(id)
    t.equal(worker.launch.launch.proxyServer, proxyServer)
    worker.end(won)
    await world.untilState(id, 'succeeded')
  }
  return { ...world, calls, call, direct, workerOf, waiting, succeeds }
}

t.test('while a list is pending, jobs use the last one, and cancels and kills take effect', async t => {
  const world = await asking(t)
  const { store, clock, calls, call, workerOf, succeeds } = world
  const first = await enqueue(store)
  ;(await call(1)).resolve([A])
  await succeeds(first, A.server)
  const running = await world.direct()
  const worker = await workerOf(running)

  const second = await enqueue(store)
  await call(2)
  await succeeds(second, A.server)
  await succeeds(await world.direct(), null)
  await store.call('jobs.cancel', { id: running })
  await until('the stop', () => worker.stops.length > 0)
  await until('a timer', () => clock.waiting > 0)
  clock.advance(STOP_GRACE_MS)
  await until('the kill', () => worker.kills > 0)
  worker.exit(null, 'SIGKILL')
  await world.untilState(running, 'cancelled')
  t.equal(calls.length, 2, 'one call at a time')

  ;(await call(2)).resolve([B])
  const third = await enqueue(store)
  ;(await call(3)).resolve([B])
  await succeeds(third, B.server)
})

t.test('without a list only the jobs that need one wait, and start when it arrives', async t => {
  const world = await asking(t, { slots: 2 })
  const { store, clock, log, calls, call, waiting, succeeds } = world
  const held = [await enqueue(store), await enqueue(store), await enqueue(store)]
  for (const id of held) {
    t.match(await waiting(id, /"reading"/), { state: 'queued', attempt: 0 })
  }
  await succeeds(await world.direct(), null)
  t.equal(calls.length, 1)
  t.notOk(world.scheduler.idle, 'jobs still wait')
  clock.advance(10_000)
  await until('another look', async () => (await world.job(held[0] ?? 0)).dueAt > clock.now())
  t.equal(calls.length, 1)

  ;(await call(1)).resolve([A])
  for (const id of held) {
    const worker = await until(`job ${id}`, () => {
      for (const { resolve } of calls) resolve([A])
      return world.workers.all.find(({ given }) => given?.jobId === id)
    })
    t.equal(worker.launch.launch.proxyServer, A.server)
    worker.end(won)
    t.match(await world.untilState(id, 'succeeded'), { attempt: 1, failures: 0 })
  }
  t.strictSame(
    log.lines.filter(line => line.startsWith('warn') || line.startsWith('error')),
    [],
  )
})

t.test('uses the list from before an idle time only if a new one cannot be read', async t => {
  const world = await asking(t)
  const { store, clock, call, waiting, succeeds } = world
  const first = await enqueue(store)
  ;(await call(1)).resolve([A])
  await succeeds(first, A.server)
  clock.advance(3_600_000)
  const second = await enqueue(store)
  await waiting(second, /"reading"/)
  await succeeds(await world.direct(), null)
  ;(await call(2)).resolve([B])
  ;(await call(3)).resolve([B])
  await succeeds(second, B.server)

  clock.advance(3_600_000)
  const third = await enqueue(store)
  await waiting(third, /"reading"/)
  ;(await call(4)).reject(new Error('the provider is down'))
  await succeeds(third, B.server)
})

t.test('asks a failed function again after a pause, and logs the failure and the recovery', async t => {
  const world = await asking(t)
  const { store, clock, log, calls, call, waiting, succeeds } = world
  const down = new Error('the provider is down')
  const first = await enqueue(store)
  ;(await call(1)).reject(down)
  await waiting(first, /"unread".*the provider is down/)
  const second = await enqueue(store)
  await waiting(second, /"unread".*the provider is down/)
  await succeeds(await world.direct(), null)
  t.equal(calls.length, 1)
  await until('a timer', () => clock.waiting > 0)
  clock.advance(10_000)
  ;(await call(2)).reject(down)
  await until('another look', async () => (await world.job(second)).dueAt > clock.now())
  await until('a timer', () => clock.waiting > 0)
  clock.advance(10_000)
  ;(await call(3)).resolve([A])
  ;(await call(4)).resolve([A])
  await succeeds(first, A.server)
  await succeeds(second, A.server)
  t.strictSame(
    log.lines.filter(line => line.includes('proxies') && !line.includes(`Job `)),
    ['error: The proxies could not be read: the provider is down', 'warn: The proxies can be read again.'],
  )
  t.equal(
    log.lines.filter(line => line.includes('waits for the list of proxies, which could not be read')).length,
    2,
    'once for each job',
  )
})
