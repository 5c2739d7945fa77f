import t from 'tap'
import type { Test } from 'tap'
import type { SchedulerDependencies } from '../../../../lib/control/scheduler/scheduler.ts'
import type { ErrorRecord } from '../../../../lib/core/errors/errors.ts'
import { knownSecrets } from '../../../../lib/core/secrets/known-secrets.ts'
import type { Outcome } from '../../../../lib/model/job/outcome.ts'
import type { Proxy } from '../../../../lib/model/proxy/proxy-address.ts'
import { enqueue } from '../../../helpers/store/job-store.ts'
import { FIXTURE, testScheduler } from '../../../helpers/store/test-scheduler.ts'
import { until } from '../../../helpers/until.ts'

const won: Outcome = { status: 'succeeded', result: 1 }
const refused: ErrorRecord = {
  name: 'ProxyError',
  code: 'proxy',
  message: 'it refused',
  stack: '',
  facts: {},
}
const lost: Outcome = { status: 'failed', error: refused, phase: null }

const proxy = (host: string, password = 'first'): Proxy => ({
  id: `http://${host}:1`,
  server: `http://${host}:1`,
  login: { username: 'ann', password },
})

/** Makes a scheduler that gets its proxies from `list`. */
function through(
  t: Pick<Test, 'teardown'>,
  list: () => readonly Proxy[],
  slots: number,
  change: Partial<SchedulerDependencies> = {},
) {
  return testScheduler(t, { slots, proxies: { configured: true, list: async () => list() }, ...change })
}

t.test('jobs that begin together use one proxy each', async t => {
  const { store, workers, scheduler } = await through(t, () => [proxy('a'), proxy('b'), proxy('c')], 3)
  scheduler.setMode('paused')
  for (let n = 0; n < 3; n++) await enqueue(store)
  scheduler.setMode('scheduling')
  await until('three at work', () => workers.all.filter(({ given }) => given !== undefined).length === 3)
  t.strictSame(workers.all.map(({ launch }) => launch.launch.proxyServer).sort(), [
    'http://a:1',
    'http://b:1',
    'http://c:1',
  ])
  for (const worker of workers.all) worker.end(won)
})

t.test('concurrent failures with one proxy count as one failure in a row', async t => {
  const { store, clock, workers, untilState } = await through(t, () => [proxy('a')], 3)
  const jobs = [1, 2, 3].map(() => enqueue(store, { retries: 0 }))
  await until('three at work', () => workers.all.filter(({ given }) => given !== undefined).length === 3)
  const health = async () => (await store.call('proxies.list', {}))[0]
  const coolUntil = clock.now() + 15_000
  for (const worker of workers.all) worker.end(lost)
  for (const job of jobs) await untilState(await job, 'failed')
  // The store receives a job's end and its proxy's failure in two calls.
  await until('three failures', async () => (await health())?.failures === 3)
  t.match(await health(), { streak: 1, coolUntil })
  clock.advance(15_000)
  const again = await enqueue(store, { retries: 0 })
  ;(await workers.forked(4)).end(lost)
  await untilState(again, 'failed')
  await until('the fourth failure', async () => (await health())?.failures === 4)
  t.match(await health(), { streak: 2, coolUntil: clock.now() + 30_000 })
})

t.test('a proxy on trial gets one of the due jobs, and the others wait', async t => {
  const { store, clock, workers, job, untilState } = await through(t, () => [proxy('a')], 3)
  const failed = await enqueue(store, { retries: 0 })
  ;(await workers.forked(1)).end(lost)
  await untilState(failed, 'failed')
  const [trial, waiting] = [await enqueue(store), await enqueue(store)]
  await until('both to be put off', async () => (await job(waiting)).dueAt > clock.now())
  t.match(await store.call('proxies.list', {}), [{ streak: 1, coolUntil: clock.now() + 15_000 }])
  clock.advance(15_000)
  const worker = await workers.forked(2)
  await until('the other to be put off again', async () => {
    const dueAts = [(await job(trial)).dueAt, (await job(waiting)).dueAt]
    return dueAts.filter(dueAt => dueAt > clock.now()).length === 1
  })
  t.equal(workers.all.length, 2)
  worker.end(won)
  await untilState(worker.assignment.jobId, 'succeeded')
  clock.advance(2_000)
  const last = await workers.forked(3)
  last.end(won)
  await untilState(last.assignment.jobId, 'succeeded')
})

t.test('jobs keep their places in the queue while one proxy cools down and the other is full', async t => {
  const pool = [proxy('a'), proxy('b')]
  let rests = 0
  const { store, clock, log, workers, scheduler, job, untilState } = await through(t, () => pool, 3, {
    proxyWorkers: 1,
    onChange: () => rests++,
  })
  const before = await enqueue(store)
  ;(await workers.forked(1)).end(lost)
  ;(await workers.forked(2)).end(won)
  await untilState(before, 'succeeded')
  const first = await enqueue(store)
  const busy = await workers.forked(3)
  t.equal(busy.launch.launch.proxyServer, 'http://b:1')
  const [second, third] = [await enqueue(store), await enqueue(store)]
  for (let seconds = 0; seconds < 14; seconds++) {
    const turnsBefore = rests
    clock.advance(1_000)
    scheduler.wake()
    await until('the end of its turn', () => rests > turnsBefore)
  }
  t.strictSame([(await job(second)).dueAt, (await job(third)).dueAt], [1_000, 1_000])
  t.strictSame(
    log.lines.filter(line => line.includes('waits')),
    [],
  )
  await until('a timer', () => clock.waiting > 0)
  clock.advance(1_000)
  const trial = await workers.forked(4)
  t.match([trial.assignment.jobId, trial.launch.launch.proxyServer], [second, 'http://a:1'])
  busy.end(won)
  await untilState(first, 'succeeded')
  const last = await workers.forked(5)
  t.equal(last.assignment.jobId, third)
  for (const worker of [trial, last]) worker.end(won)
  await untilState(third, 'succeeded')
})

t.test('a job that wants one proxy waits while it is full, and this is logged once', async t => {
  const wish = { use: 'http://a:1' }
  const { store, clock, log, workers, job } = await through(t, () => [proxy('a'), proxy('b')], 3, {
    proxyWorkers: 1,
  })
  await enqueue(store, { proxy: wish })
  const busy = await workers.forked(1)
  const waiting = await enqueue(store, { proxy: wish })
  for (let looks = 0; looks < 3; looks++) {
    await until('it to be put off', async () => (await job(waiting)).dueAt > clock.now())
    await until('a timer', () => clock.waiting > 0)
    clock.advance(2_000)
  }
  t.strictSame(
    log.lines.filter(line => line.includes('waits')),
    [`warn: Job ${waiting} waits for a proxy, because its only proxy has as many workers as allowed.`],
  )
  busy.end(won)
  const next = await until('the next', () => {
    clock.advance(1_000)
    return workers.all[1]
  })
  t.equal(next.assignment.jobId, waiting)
  next.end(won)
})

t.test('the log of a job that waits for proxies contains no secret of the reason', async t => {
  knownSecrets.add(['canary-of-the-provider'])
  const list = () => {
    throw new Error('the provider refuses canary-of-the-provider')
  }
  const { store, log } = await through(t, list, 1)
  await enqueue(store)
  // The store has the same text.
  await until('the reason', () =>
    log.lines.some(line => line.includes('waits for the list of proxies, which could not be read')),
  )
  t.notMatch(log.lines.join('\n'), 'canary')
})

t.test('the next scheduler knows the record of a proxy', async t => {
  const first = await through(t, () => [proxy('a'), proxy('b')], 1)
  const id = await enqueue(first.store)
  const worker = await first.workers.forked(1)
  worker.end(lost)
  const other = await first.workers.forked(2)
  t.not(other.launch.launch.proxyServer, worker.launch.launch.proxyServer)
  other.end(won)
  t.match(await first.untilState(id, 'succeeded'), { attempt: 2, failures: 0 })
  await first.scheduler.close()
  const before = await first.store.call('proxies.list', {})

  const next = await testScheduler(t, {
    ...{ store: first.store, clock: first.clock, paths: first.paths, slots: 1 },
    proxies: { configured: true, list: async () => [proxy('a'), proxy('b')] },
  })
  t.strictSame(await first.store.call('proxies.list', {}), before)
  await enqueue(first.store)
  const successor = await until('its worker', () => next.workers.all[0])
  t.equal(successor.launch.launch.proxyServer, other.launch.launch.proxyServer)
})

t.test('reuses a worker for the next job of its proxy, until the password changes', async t => {
  let password = 'first'
  const { store, workers, scheduler, untilState } = await through(t, () => [proxy('a', password)], 1)
  scheduler.setWorkflows({ workflows: [{ ...FIXTURE, isolation: 'context' }], broken: [] })
  const takes = async (id: number, nth: number) => {
    const worker = await workers.forked(nth)
    await until(`job ${id} in worker ${nth}`, () => worker.given?.jobId === id)
    worker.done(won)
    await untilState(id, 'succeeded')
  }
  await takes(await enqueue(store), 1)
  await takes(await enqueue(store), 1)
  t.equal(workers.all.length, 1)
  password = 'second'
  await takes(await enqueue(store), 2)
})
