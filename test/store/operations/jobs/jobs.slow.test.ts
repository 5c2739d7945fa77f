import t from 'tap'
import { JOB_STATES } from '../../../../lib/model/job/job.ts'
import { errorRecord } from '../../../helpers/builders/error-record.ts'
import { enqueue, jobIn, runningJob, timedStore } from '../../../helpers/store/job-store.ts'
import { openTestStore } from '../../../helpers/store/project.ts'

t.test('orders jobs by priority, due time and age, with the next future job last', async t => {
  const { store, clock } = await timedStore(t)
  clock.advance(1_000)
  const late = await enqueue(store, { dueAt: 1_500 })
  const early = await enqueue(store, { dueAt: 1_200 })
  const twin = await enqueue(store, { dueAt: 1_200 })
  const urgent = await enqueue(store, { priority: 5 })
  await enqueue(store, { dueAt: 9_000, priority: 9 })
  const next = await enqueue(store, { dueAt: 8_000 })
  const order = async (limit: number) => (await store.call('jobs.claimable', { limit })).map(({ id }) => id)
  t.strictSame(await order(9), [urgent, early, twin, late, next])
  t.strictSame(await order(2), [urgent, early, next])
})

t.test('a priority is a head start: a job that has waited longer than it goes first', async t => {
  const { store, clock } = await timedStore(t)
  clock.advance(1_000_000)
  const old = await enqueue(store, { dueAt: clock.now() - 120_001 })
  const younger = await enqueue(store, { dueAt: clock.now() - 119_999 })
  const urgent = await enqueue(store, { priority: 2 })
  const order = (await store.call('jobs.claimable', { limit: 9 })).map(({ id }) => id)
  t.strictSame(order, [old, urgent, younger])
})

t.test('a scoped list has the jobs from one job on and the named jobs, but not earlier jobs', async t => {
  const { store, clock } = await timedStore(t)
  clock.advance(1_000)
  const many = await Promise.all(Array.from({ length: 5 }, () => enqueue(store, { priority: 9 })))
  const own = await enqueue(store)
  const younger = await enqueue(store)
  const [named = 0] = many
  const scope = { from: own, also: [named] }
  const lanes = (await store.call('jobs.lanes', {})).map(({ lane }) => lane)
  for (const how of [{ limit: 3 }, { limit: 9, lanes }]) {
    const told = await store.call('jobs.claimable', { ...how, scope })
    t.strictSame(
      told.map(({ id }) => id),
      [named, own, younger],
    )
  }
})

t.test('of too many lanes lists those with the first jobs, and some of each workflow', async t => {
  const { store, clock } = await timedStore(t)
  clock.advance(1_000_000)
  const shops = Array.from({ length: 1_001 }, (_, shop) => `shop${shop}.example`)
  await Promise.all(shops.map(domain => enqueue(store, { domains: [domain] })))
  const urgent = await enqueue(store, { domains: ['z.example'], priority: 100 })
  const last = await enqueue(store, { workflow: 'other', dueAt: clock.now() })
  const lanes = (await store.call('jobs.lanes', {})).map(({ lane }) => lane)
  t.equal(lanes.length, 1_001)
  t.strictSame([lanes[0], lanes.at(-1)], ['fixture ["z.example"]', 'other []'])
  const told = await store.call('jobs.claimable', {
    limit: 1,
    lanes: lanes.filter((_, n) => n % 500 === 0),
  })
  t.strictSame([told[0]?.id, told.at(-1)?.id], [urgent, last])
})

t.test('queues all dead jobs again, except those whose key another job has now', async t => {
  const { store } = await timedStore(t)
  const dead: number[] = []
  for (const uniqueKey of ['a', 'b']) {
    const id = await runningJob(store, { uniqueKey })
    await store.call('jobs.finish', { id, attempt: 1, state: 'failed', error: errorRecord() })
    dead.push(id)
  }
  await store.call('jobs.finish', { id: await runningJob(store), attempt: 1, state: 'succeeded' })
  const taken = await enqueue(store, { uniqueKey: 'b' })
  const [first, second] = dead
  t.strictSame(await store.call('jobs.retry-dead', {}), { queued: [first], refused: [second], lastId: null })
  t.match(await store.call('jobs.read', { id: first ?? 0 }), { state: 'queued', failures: 0 })
  t.match(await store.call('jobs.read', { id: second ?? 0 }), { state: 'failed' })
  t.match(await store.call('jobs.read', { id: taken }), { state: 'queued' })
})

t.test('lists dead jobs of one workflow only, and queues them again', async t => {
  const { store } = await timedStore(t)
  const dead: number[] = []
  for (const workflow of ['one', 'two']) {
    const id = await runningJob(store, { workflow })
    await store.call('jobs.finish', { id, attempt: 1, state: 'failed', error: errorRecord() })
    dead.push(id)
  }
  const [first, second] = dead
  t.match(await store.call('jobs.list', { states: ['failed'], workflow: 'two' }), [{ id: second }])
  t.match(await store.call('jobs.retry-dead', { workflow: 'two' }), { queued: [second] })
  t.match(await store.call('jobs.read', { id: first ?? 0 }), { state: 'failed' })
})

t.test('only one of two claimers gets a job, with a new attempt', async t => {
  const { store, paths } = await timedStore(t)
  const other = await openTestStore(t, paths, 'client')
  for (let round = 0; round < 20; round++) {
    const id = await enqueue(store)
    const claims = await Promise.all([store, other].map(one => one.call('jobs.claim', { id })))
    const won = claims.filter(job => job !== null)
    t.match(won, [{ id, attempt: 1, state: 'running' }])
    t.equal(won.length, 1)
  }
})

t.test('claims a job neither before it is due nor twice', async t => {
  const { store, clock } = await timedStore(t)
  const id = await enqueue(store, { dueAt: 2_000 })
  t.equal(await store.call('jobs.claim', { id }), null)
  clock.advance(1_000)
  t.match(await store.call('jobs.claim', { id }), { startedAt: 2_000 })
  t.equal(await store.call('jobs.claim', { id }), null)
  t.equal(await store.call('jobs.claim', { id: 99 }), null)
})

t.test('a job counts from its first attempt, until a person queues it again after its end', async t => {
  const { store, clock } = await timedStore(t)
  const id = await runningJob(store)
  clock.advance(60_000)
  await store.call('jobs.finish', { id, attempt: 1, state: 'retrying', dueAt: 61_000 })
  t.match(await store.call('jobs.claim', { id }), { startedAt: 1_000, attemptStartedAt: 61_000 })
  clock.advance(1_000)
  await store.call('jobs.finish', { id, attempt: 2, state: 'retrying', dueAt: 999_000 })
  await store.call('jobs.retry', { id })
  t.match(await store.call('jobs.claim', { id }), { startedAt: 1_000, attemptStartedAt: 62_000 })
  await store.call('jobs.finish', { id, attempt: 3, state: 'failed', error: errorRecord() })
  clock.advance(1_000)
  await store.call('jobs.retry', { id })
  t.match(await store.call('jobs.list', {}), [{ id, startedAt: null, attemptStartedAt: 62_000 }])
  t.match(await store.call('jobs.claim', { id }), { startedAt: 63_000, attemptStartedAt: 63_000 })
})

t.test('the end of an old attempt changes nothing', async t => {
  const { store } = await timedStore(t)
  const id = await runningJob(store)
  await store.call('jobs.finish', { id, attempt: 1, state: 'interrupted' })
  await store.call('jobs.claim', { id })
  const before = await store.call('jobs.read', { id })
  t.strictSame(await store.call('jobs.finish', { id, attempt: 1, state: 'succeeded', result: 1 }), {
    applied: false,
    state: null,
  })
  t.strictSame(await store.call('jobs.read', { id }), { ...before, lateReports: 1 })
  await store.call('jobs.finish', { id, attempt: 2, state: 'succeeded', result: { cents: 7 } })
  t.match(await store.call('jobs.read', { id }), { state: 'succeeded', result: { cents: 7 }, endedAt: 1_000 })
  t.match(await store.call('jobs.finish', { id, attempt: 2, state: 'failed' }), { applied: false })
})

t.test('counts only failures as failures', async t => {
  const { store } = await timedStore(t)
  const id = await runningJob(store)
  const error = errorRecord()
  await store.call('jobs.finish', { id, attempt: 1, state: 'retrying', error, dueAt: 1_000 })
  t.match(await store.call('jobs.read', { id }), { failures: 1, error, endedAt: null })
  t.match(await store.call('jobs.claim', { id }), { attempt: 2, error: null, failedWith: error })
  await store.call('jobs.finish', { id, attempt: 2, state: 'interrupted' })
  t.match(await store.call('jobs.claim', { id }), { attempt: 3, failedWith: null })
  await store.call('jobs.finish', { id, attempt: 3, state: 'interrupted' })
  t.match(await store.call('jobs.read', { id }), { failures: 1, endedAt: null })
})

t.test('keeps a cancel request that arrives just before a job continues', async t => {
  const { store } = await timedStore(t)
  for (const state of ['retrying', 'interrupted'] as const) {
    const id = await runningJob(store)
    t.strictSame(await store.call('jobs.cancel', { id }), { state: 'running' })
    t.strictSame(await store.call('jobs.finish', { id, attempt: 1, state, dueAt: 5_000 }), {
      applied: true,
      state: 'cancelled',
    })
    t.match(await store.call('jobs.read', { id }), { state: 'cancelled', endedAt: 1_000 })
  }
})

t.test('only one unended job has a unique key', async t => {
  const { store } = await timedStore(t)
  const request = { workflow: 'w', input: 1, workers: 1, retries: 0, origin: 'cli', uniqueKey: 'k' }
  const first = await store.call('jobs.enqueue', request)
  t.strictSame(await store.call('jobs.enqueue', request), { ...first, created: false })
  await store.call('jobs.cancel', { id: first.id })
  const second = await store.call('jobs.enqueue', request)
  t.equal(second.created, true)
  await t.rejects(store.call('jobs.retry', { id: first.id }), {
    code: 'job-state',
    message: `because job ${second.id} has the same key`,
  })
  await store.call('jobs.cancel', { id: second.id })
  t.strictSame(await store.call('jobs.retry', { id: first.id }), { state: 'queued' })
})

t.test('a scheduler death interrupts its jobs, a third parks one, and cancel requests are kept', async t => {
  const { store, clock } = await timedStore(t)
  const id = await runningJob(store)
  const unwanted = await runningJob(store)
  await store.call('jobs.cancel', { id: unwanted })
  clock.advance(500)
  t.strictSame(await store.call('jobs.recover', {}), [
    { id, state: 'interrupted', attempt: 1 },
    { id: unwanted, state: 'cancelled', attempt: 1 },
  ])
  t.match(await store.call('jobs.read', { id: unwanted }), { state: 'cancelled', endedAt: 1_500 })
  await t.rejects(store.call('jobs.cancel', { id: unwanted }), { code: 'job-state' })
  for (const state of ['interrupted', 'parked'] as const) {
    await store.call('jobs.claim', { id })
    t.match(await store.call('jobs.recover', {}), [{ id, state }])
  }
  t.strictSame(await store.call('jobs.recover', {}), [])
  t.equal(await store.call('jobs.claim', { id }), null)
  t.match(await store.call('jobs.read', { id }), { state: 'parked', endedAt: null, failures: 0 })
  await store.call('jobs.retry', { id })
  t.match(await store.call('jobs.read', { id }), { schedulerDeaths: 0, state: 'queued' })
})

t.test('recent jobs are ordered by last change, and always include running ones', async t => {
  const { store } = await timedStore(t)
  const running = await runningJob(store)
  const ids = [running]
  for (let n = 0; n < 5; n++) ids.push(await enqueue(store))
  await store.call('jobs.cancel', { id: ids[2] ?? 0 })
  const recent = async (limit: number) => (await store.call('jobs.recent', { limit })).map(({ id }) => id)
  t.strictSame(await recent(2), [ids[2], ids[5], running])
  t.strictSame(await recent(100), [ids[2], ids[5], ids[4], ids[3], ids[1], running])
})

t.test('reads changes of jobs in pages, in order, by state and up to a change', async t => {
  const { store } = await timedStore(t)
  const first = await runningJob(store)
  const waiting = [await enqueue(store), await enqueue(store), await enqueue(store)]
  const [newest] = await store.call('jobs.recent', { limit: 1 })
  const after = newest?.seq ?? 0
  for (const id of [...waiting].reverse()) await store.call('jobs.cancel', { id })
  await store.call('jobs.finish', { id: first, attempt: 1, state: 'succeeded' })
  const read = async (page: { after: number; upTo: number; limit?: number }) => {
    const states = ['cancelled', 'succeeded'] as const
    const { jobs, next } = await store.call('jobs.changed', { ...page, states: [...states] })
    return [jobs.map(({ id }) => id), next]
  }
  const [third, second, oldest] = [...waiting].reverse()
  t.strictSame(await read({ after, upTo: after + 4 }), [[third, second, oldest, first], null])
  t.strictSame(await read({ after, upTo: after + 4, limit: 3 }), [[third, second, oldest], after + 3])
  t.strictSame(await read({ after: after + 3, upTo: after + 4, limit: 3 }), [[first], null])
  t.strictSame(await read({ after, upTo: after + 2 }), [[third, second], null])
  t.strictSame(
    await store.call('jobs.changed', { after: 0, upTo: after + 4, states: ['queued'] }),
    { jobs: [], next: null },
    'a job counts in its current state',
  )
})

t.test('a scheduler death after an attempt of an hour restarts the count of deaths', async t => {
  const { store, clock } = await timedStore(t)
  const id = await runningJob(store)
  await store.call('jobs.recover', { ranAt: clock.now() })
  await store.call('jobs.claim', { id })
  await store.call('jobs.recover', { ranAt: clock.now() })
  await store.call('jobs.claim', { id })
  clock.advance(3_600_000)
  t.match(await store.call('jobs.recover', { ranAt: clock.now() }), [{ id, state: 'interrupted' }])
  t.match(await store.call('jobs.read', { id }), { schedulerDeaths: 1 })
  await store.call('jobs.claim', { id })
  const diedAt = clock.now()
  clock.advance(24 * 3_600_000)
  await store.call('jobs.recover', { ranAt: diedAt })
  t.match(
    await store.call('jobs.read', { id }),
    { schedulerDeaths: 2 },
    'the time while a machine is off does not count',
  )
})

t.test('jobs recovered together have separate places among the recent ones', async t => {
  const { store } = await timedStore(t)
  const ids = [await runningJob(store), await runningJob(store), await runningJob(store)]
  await store.call('jobs.recover', {})
  t.strictSame(
    (await store.call('jobs.recent', { limit: 2 })).map(({ id }) => id),
    [ids[2], ids[1]],
  )
})

t.test('lists and counts include the states', async t => {
  const { store } = await timedStore(t)
  const [first, second] = [await enqueue(store), await runningJob(store)]
  await store.call('jobs.finish', { id: second, attempt: 1, state: 'failed', error: errorRecord('bad') })
  t.match(await store.call('jobs.list', {}), [{ id: second, errorMessage: 'bad' }, { id: first }])
  t.match(await store.call('jobs.list', { states: ['queued'] }), [{ id: first }])
  t.strictSame(await store.call('jobs.list', { beforeId: first }), [])
  t.match(await store.call('jobs.counts', {}), { queued: 1, failed: 1, running: 0 })
  t.equal(await store.call('jobs.read', { id: 99 }), null)
  await t.rejects(store.call('jobs.cancel', { id: 99 }), { code: 'job-missing' })
})

t.test('counts jobs in their current state, whatever their earlier states', async t => {
  const { store } = await timedStore(t)
  for (const state of JOB_STATES) await jobIn(store, state)
  const again = await jobIn(store, 'failed')
  await store.call('jobs.retry', { id: again })
  await store.call('jobs.cancel', { id: again })
  const counts = await store.call('jobs.counts', {})
  for (const state of JOB_STATES) {
    const { length } = await store.call('jobs.list', { states: [state] })
    t.equal(counts[state], length, state)
  }
  t.equal(counts.cancelled, 2)
})
