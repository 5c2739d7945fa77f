import t from 'tap'
import { AutomateError, errorToRecord } from '../../../lib/core/errors/errors.ts'
import type { Json } from '../../../lib/core/errors/errors.ts'
import { rootCauseOf } from '../../../lib/model/failure/root-cause.ts'
import type { Coordination } from '../../../lib/execution/coordination/coordination.ts'
import { localCoordination } from '../../../lib/execution/coordination/local.ts'
import { storeCoordination } from '../../../lib/execution/coordination/store-backed.ts'
import type { StorePort } from '../../../lib/execution/coordination/store-port.ts'
import { classifyError } from '../../../lib/execution/diagnostics/classify-error.ts'
import { watchPhase } from '../../../lib/execution/phases/phase-control.ts'
import { CoordinationStore } from '../../helpers/store/coordination-store.ts'
import { runningJob, timedStore } from '../../helpers/store/job-store.ts'
import { FakeClock } from '../../helpers/fake-clock.ts'
import { libraryError } from '../../helpers/builders/library-error.ts'
import { until } from '../../helpers/until.ts'

/** Prefers the smaller number, and accepts any number up to 10. */
const judge = {
  better: (a: Json, b: Json) => Number(a) < Number(b),
  meetsTarget: (a: Json) => Number(a) <= 10,
}

function swarm() {
  const store = new CoordinationStore()
  const clock = new FakeClock()
  const worker = (member: number, attempt = 1) =>
    valuesOf(
      storeCoordination(
        store.port(),
        { workerId: `w${member}`, jobId: 1, attempt, member, members: 3, workflow: 'fixture' },
        judge,
        clock,
      ),
    )
  const stop = new AbortController()
  return { store, clock, worker, stop, limits: { signal: stop.signal, leaseMs: 5_000 } }
}

/** Returns the coordination without the ages of its discoveries. */
function valuesOf(one: Coordination) {
  return {
    offer: (result: Json) => one.offer(result),
    once: async (...asked: Parameters<Coordination['once']>) => (await one.once(...asked)).value,
  }
}

t.test('accepts an offer that is better than the best so far', async t => {
  const { worker } = swarm()
  t.same(await worker(1).offer(30), { accepted: true, targetMet: false })
  t.same(await worker(2).offer(40), { accepted: false, targetMet: false })
  t.same(await worker(3).offer(9), { accepted: true, targetMet: true })
  t.same(
    await worker(1).offer(20),
    { accepted: false, targetMet: true },
    'the loser learns that the target is met',
  )
})

t.test('compares an overtaken offer again with the one that overtook it', async t => {
  const { store, worker } = swarm()
  const others = [25, 15]
  store.before = name => {
    const result = name === 'offers.submit' ? others.shift() : undefined
    if (result === undefined) return
    const seenVersion = store.calls['offers.best']({ jobId: 1 })?.version ?? 0
    const other = { jobId: 1, attempt: 1, member: 2, workerId: 'w2', seenVersion, result, targetMet: false }
    store.calls['offers.submit'](other)
  }
  t.same(await worker(1).offer(20), { accepted: false, targetMet: false })
  t.match(store.calls['offers.best']({ jobId: 1 }), { result: 15 })
})

t.test('refuses an offer of an older attempt', async t => {
  await t.rejects(swarm().worker(1, 2).offer(1), { code: 'fenced', message: /Job 1/ })
})

t.test('one of three workers discovers, and the others wait for its value', async t => {
  const { store, worker, limits, clock } = swarm()
  const found = Promise.withResolvers<Json>()
  let runs = 0
  const fn = () => {
    runs += 1
    return found.promise
  }
  const values = [1, 2, 3].map(member => worker(member).once('shops', fn, limits))
  await until('two to wait', () => clock.waiting === 2)
  found.resolve(['a'])
  t.same(await Promise.all(values), [['a'], ['a'], ['a']])
  t.equal(runs, 1)
  t.equal(store.listening, 0)
  t.equal(clock.waiting, 0)
})

t.test('a failed discovery fails all its askers with the same error', async t => {
  const { worker, limits } = swarm()
  const fails = () => Promise.reject(new RangeError('no shops at http://a.test/?key=1'))
  await t.rejects(worker(1).once('shops', fails, limits), { name: 'RangeError' })
  await t.rejects(
    worker(2).once('shops', () => Promise.resolve(1), limits),
    { name: 'RangeError', message: 'no shops at http://a.test/' },
  )
})

t.test('a browser error has one class and one cause in all workers that share it', async t => {
  const { worker, limits } = swarm()
  const thrown = libraryError('Waiting for selector `#total` failed')
  const share = (member: number) =>
    worker(member)
      .once('total', () => Promise.reject(thrown), limits)
      .catch((error: unknown) => {
        const failed = errorToRecord(classifyError(error, null))
        const { key } = rootCauseOf({ error: failed, phase: null, workflow: 'fixture' })
        return { key, name: failed.name, code: failed.code, message: failed.message }
      })
  const [holder, waiter] = [await share(1), await share(2)]
  t.match(holder, { name: 'ElementError', code: 'element', message: thrown.message })
  t.same(waiter, holder)
})

t.test('workers that share an error get its root cause', async t => {
  const { worker, limits } = swarm()
  const reasonOf = (cause: unknown) =>
    Promise.resolve(new AutomateError('navigate', 'shop.example asks to wait 3 s (429).', { cause }))
  const fails = () => Promise.reject(new Error('no price'))
  await t.rejects(worker(1).once('price', fails, { ...limits, reasonOf }), { message: 'no price' })
  await t.rejects(worker(2).once('price', fails, limits), { code: 'navigate', message: /429/ })
})

t.test('a holder that was too slow uses the value of its successor', async t => {
  const { store, worker, limits } = swarm()
  const slow = Promise.withResolvers<Json>()
  const first = worker(1).once('shops', () => slow.promise, limits)
  await until(
    'the first to hold',
    () =>
      store.calls['discoveries.acquire']({
        jobId: 1,
        attempt: 1,
        key: 'shops',
        workerId: 'w9',
        member: 3,
        members: 3,
        leaseMs: 1,
      }).status === 'waiting',
  )
  store.expire('shops')
  t.equal(await worker(2).once('shops', () => Promise.resolve('fast'), limits), 'fast')
  slow.resolve('slow')
  t.equal(await first, 'fast')
})

t.test('a holder that waits for a person keeps its turn, and its waiters are paused too', async t => {
  const { store, clock, worker, limits } = swarm()
  const renewed = t.capture(store.calls, 'discoveries.renew', store.calls['discoveries.renew'])
  const phase = watchPhase({ name: 'ask', timeoutMs: 4_000 }, [], clock)
  const answer = Promise.withResolvers<Json>()
  let asked = 0
  const ask = () => {
    asked += 1
    return answer.promise
  }
  const holder = worker(1).once('code', ask, { ...limits, leaseMs: 4_000, onPause: phase.onPause })
  await until('the question', () => asked === 1)
  clock.advance(1_000)
  const answered = phase.pauseFor(60_000)
  let standing = 0
  const standStill = async (_atMostMs: number, work: (signal: AbortSignal) => Promise<void>) => {
    standing += 1
    await work(limits.signal)
    standing -= 1
  }
  const waiter = worker(2).once('code', ask, { ...limits, pauseFor: standStill })
  await until('the other to stand still', () => standing === 1)
  answered()
  await until('the other to go on', () => standing === 0)
  answer.resolve('098765')
  t.same(await Promise.all([holder, waiter]), ['098765', '098765'])
  t.equal(asked, 1)
  t.match(
    renewed().map(({ args }) => args[0]),
    [
      { fence: 1, leaseMs: 63_000, stands: true },
      { fence: 1, leaseMs: 3_000, stands: false },
    ],
  )
  t.equal(store.listening, 0)
  phase.end()
})

t.test('finds a change without a notification within a second', async t => {
  const { store, clock, worker, limits } = swarm()
  store.tells = false
  const found = Promise.withResolvers<Json>()
  const holder = worker(1).once('shops', () => found.promise, limits)
  const waiter = worker(2).once('shops', () => Promise.resolve('never'), limits)
  await until('the waiter to wait', () => clock.waiting === 1)
  found.resolve('told')
  await holder
  clock.advance(1_000)
  t.equal(await waiter, 'told')
})

t.test("a stop ends a waiting worker's wait, and a stopped holder fails no other worker", async t => {
  const { store, worker, limits, stop } = swarm()
  const held = Promise.withResolvers<Json>()
  const holder = worker(1).once('shops', () => held.promise, limits)
  const waiter = worker(2).once('shops', () => Promise.resolve(1), limits)
  await until('both to be there', () => store.listening === 2)
  stop.abort(new Error('stopped'))
  held.reject(new Error('stopped too'))
  await t.rejects(waiter, { message: 'stopped' })
  await t.rejects(holder, { message: 'stopped too' })
  store.expire('shops')
  const { signal } = new AbortController()
  t.equal(await worker(3).once('shops', () => Promise.resolve('found'), { ...limits, signal }), 'found')
})

t.test('an error of a worker that tries again is not final: the next asker tries again', async t => {
  const { worker, limits } = swarm()
  const fails = () => Promise.reject(new Error('a hiccup'))
  for (const one of [worker(1), valuesOf(localCoordination(judge, new FakeClock()))]) {
    await t.rejects(one.once('shops', fails, { ...limits, triesAgain: true }), { message: 'a hiccup' })
    t.equal(await one.once('shops', () => Promise.resolve('found'), limits), 'found')
  }
  t.equal(await worker(2).once('shops', fails, limits), 'found')
})

t.test('a worker that tries one discovery again gives up no other', async t => {
  const { store, clock } = await timedStore(t)
  const jobId = await runningJob(store, { workers: 2 })
  const port: StorePort = {
    call: (name, input) => store.call(name, input),
    onWritten: (_, listener) => store.onChange(listener),
    onLost: () => () => undefined,
    close: () => Promise.resolve(),
  }
  const worker = (member: number) => {
    const ref = { workerId: `w${member}`, jobId, attempt: 1, member, members: 2, workflow: 'fixture' }
    return valuesOf(storeCoordination(port, ref, judge, clock))
  }
  const { limits } = swarm()
  const ordered = Promise.withResolvers<Json>()
  const runs: string[] = []
  const order = (by: string) => () => {
    runs.push(by)
    return ordered.promise
  }
  const ordering = worker(1).once('order', order('w1'), limits)
  await until('the order', () => runs.length === 1)
  const hiccup = () => Promise.reject(new Error('a hiccup'))
  await t.rejects(worker(1).once('price', hiccup, { ...limits, triesAgain: true }), { message: 'a hiccup' })
  const ref = { jobId, attempt: 1 }
  t.match(await store.call('discoveries.look', { ...ref, key: 'order' }), { status: 'waiting' })
  t.match(await store.call('discoveries.look', { ...ref, key: 'price' }), { status: 'unsettled' })
  ordered.resolve(7)
  t.same(await Promise.all([ordering, worker(2).once('order', order('w2'), limits)]), [7, 7])
  t.same(runs, ['w1'])
})

t.test('a single worker discovers each key once, and judges its own offers', async t => {
  const clock = new FakeClock()
  const local = localCoordination(judge, clock)
  const alone = valuesOf(local)
  const { limits } = swarm()
  let runs = 0
  const fn = () => Promise.resolve(++runs)
  t.same(await Promise.all([alone.once('a', fn, limits), alone.once('a', fn, limits)]), [1, 1])
  t.equal(await alone.once('b', fn, limits), 2)
  const brief = { ...limits, ttlMs: 100 }
  t.same(await local.once('c', fn, brief), { value: 3, ageMs: 0, validForMs: 100 })
  clock.advance(60)
  t.same(await local.once('c', fn, brief), { value: 3, ageMs: 60, validForMs: 40 })
  clock.advance(40)
  t.same(await local.once('c', fn, brief), { value: 4, ageMs: 0, validForMs: 100 })
  t.same(await alone.offer(30), { accepted: true, targetMet: false })
  t.same(await alone.offer(31), { accepted: false, targetMet: false })
  t.same(await alone.offer(5), { accepted: true, targetMet: true })
})
