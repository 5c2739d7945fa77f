import t from 'tap'
import { errorRecord } from '../../../helpers/builders/error-record.ts'
import { runningJob, timedStore } from '../../../helpers/store/job-store.ts'

async function discovery(t: Parameters<typeof timedStore>[0]) {
  const { store, clock } = await timedStore(t)
  const key = { jobId: await runningJob(store), attempt: 1, key: 'shops' }
  const acquire = (workerId: string, more: { key?: string; attempt?: number } = {}) => {
    const worker = { workerId, member: Number(workerId.slice(1)), members: 3, leaseMs: 1_000 }
    return store.call('discoveries.acquire', { ...key, ...worker, ...more })
  }
  return { store, clock, key, acquire }
}

t.test('one worker holds a discovery, the others wait, and all get its value', async t => {
  const { store, key, acquire } = await discovery(t)
  t.strictSame(await Promise.all(['w1', 'w2', 'w3'].map(one => acquire(one))), [
    { status: 'held', fence: 1 },
    { status: 'waiting', forMs: 1_000, stands: false },
    { status: 'waiting', forMs: 1_000, stands: false },
  ])
  t.strictSame(await store.call('discoveries.complete', { ...key, fence: 1, value: ['a'] }), {
    applied: true,
  })
  t.match(await acquire('w2'), { status: 'done', value: ['a'] })
  t.match(await acquire('w2', { key: 'prices' }), { status: 'held' })
})

t.test('returns a failed discovery to every worker', async t => {
  const { store, key, acquire } = await discovery(t)
  await acquire('w1')
  const error = errorRecord()
  await store.call('discoveries.fail', { ...key, fence: 1, error })
  t.strictSame(await acquire('w2'), { status: 'failed', error })
  t.strictSame(await store.call('discoveries.complete', { ...key, fence: 1, value: 1 }), { applied: false })
})

t.test('replaces a holder with an expired lease, and refuses its late result', async t => {
  const { store, clock, key, acquire } = await discovery(t)
  await acquire('w1')
  clock.advance(999)
  t.match(await acquire('w2'), { status: 'waiting' })
  clock.advance(1)
  t.strictSame(await acquire('w2'), { status: 'held', fence: 2 })
  t.strictSame(await store.call('discoveries.complete', { ...key, fence: 1, value: 'old' }), {
    applied: false,
  })
  t.match(await store.call('discoveries.fail', { ...key, fence: 1, error: errorRecord() }), {
    applied: false,
  })
  await store.call('discoveries.complete', { ...key, fence: 2, value: 'new' })
  t.match(await acquire('w1'), { status: 'done', value: 'new' })
})

t.test('a waiting holder keeps its turn, and the other workers see that it is paused', async t => {
  const { store, clock, key, acquire } = await discovery(t)
  const told: string[] = []
  await acquire('w1')
  store.onChange(tables => told.push(...tables))
  const renew = (leaseMs: number, stands: boolean, fence = 1) =>
    store.call('discoveries.renew', { ...key, fence, leaseMs, stands })
  t.strictSame(await renew(60_000, true), { applied: true })
  t.strictSame(told, ['discoveries'])
  clock.advance(59_000)
  t.strictSame(await acquire('w2'), { status: 'waiting', forMs: 1_000, stands: true })
  await renew(500, false)
  t.strictSame(await store.call('discoveries.look', key), { status: 'waiting', forMs: 500, stands: false })
  clock.advance(500)
  t.strictSame(await acquire('w2'), { status: 'held', fence: 2 })
  t.match(await acquire('w3'), { stands: false })
  t.strictSame(await renew(500, true), { applied: false }, 'another worker has the turn')
  await renew(60_000, true, 2)
  await store.call('discoveries.release', { workerId: 'w2' })
  t.strictSame(await acquire('w3'), { status: 'held', fence: 3 })
  t.match(await acquire('w1'), { stands: false }, 'a new holder is not paused yet')
})

t.test('releases a discovery when its worker ends, and keeps a finished one', async t => {
  const { store, key, acquire } = await discovery(t)
  await acquire('w1')
  t.strictSame(await store.call('discoveries.release', { workerId: 'w2' }), { released: 0 })
  t.match(await acquire('w2'), { status: 'waiting' })
  t.strictSame(await store.call('discoveries.release', { workerId: 'w1' }), { released: 1 })
  t.strictSame(await acquire('w2'), { status: 'held', fence: 2 })
  await store.call('discoveries.complete', { ...key, fence: 2, value: null })
  t.strictSame(await store.call('discoveries.release', { workerId: 'w2' }), { released: 0 })
  t.match(await acquire('w3'), { status: 'done', value: null })
})

t.test('a holder that yields one discovery holds its others, and yields no turn of another', async t => {
  const { store, clock, key, acquire } = await discovery(t)
  const told: string[] = []
  const yields = (fence: number) => store.call('discoveries.yield', { ...key, fence })
  await acquire('w1')
  await acquire('w1', { key: 'prices' })
  store.onChange(tables => told.push(...tables))
  t.strictSame(await yields(1), { applied: true })
  t.strictSame(told, ['discoveries'])
  t.match(await acquire('w2', { key: 'prices' }), { status: 'waiting' })
  t.strictSame(await acquire('w2'), { status: 'held', fence: 2 })
  t.strictSame(await yields(1), { applied: false })
  t.match(await acquire('w3'), { status: 'waiting' })
  clock.advance(1_000)
  t.strictSame(await yields(2), { applied: true }, 'a lease that has run out, too')
})

t.test('a new attempt starts its discoveries again', async t => {
  const { store, key, acquire } = await discovery(t)
  await acquire('w1')
  await store.call('discoveries.complete', { ...key, fence: 1, value: 1 })
  await store.call('jobs.finish', { id: key.jobId, attempt: 1, state: 'interrupted' })
  await store.call('jobs.claim', { id: key.jobId })
  t.match(await acquire('w2', { attempt: 2 }), { status: 'held' })
})

t.test('a value has an age and a time to live; after it the next waiting worker gets the turn', async t => {
  const { store, clock, key, acquire } = await discovery(t)
  for (const [round, holder] of ['w1', 'w2', 'w3', 'w1'].entries()) {
    const others = ['w1', 'w2', 'w3'].filter(one => one !== holder)
    const first = round === 0 ? [] : await Promise.all(others.map(one => acquire(one)))
    t.ok(
      first.every(({ status }) => status === 'waiting'),
      `round ${round} waits for ${holder}`,
    )
    t.match(await acquire(holder), { status: 'held', fence: round + 1 })
    for (const other of others) t.match(await acquire(other), { status: 'waiting' })
    await store.call('discoveries.complete', { ...key, fence: round + 1, value: round, ttlMs: 100 })
    clock.advance(70)
    t.strictSame(await acquire('w2'), { status: 'done', value: round, ageMs: 70, validForMs: 30 })
    clock.advance(30)
  }
})

t.test('an unused turn is free after a moment, and a worker that never asked delays no other', async t => {
  const { clock, acquire, key, store } = await discovery(t)
  t.match(await acquire('w1', { key: 'a' }), { status: 'held' })
  t.match(await acquire('w1', { key: 'b' }), { status: 'held' }, 'no other worker has asked')
  t.match(await acquire('w2', { key: 'b' }), { status: 'waiting' })
  t.strictSame(
    await acquire('w1', { key: 'c' }),
    { status: 'waiting', forMs: 50, stands: false },
    'it is the turn of w2',
  )
  clock.advance(50)
  t.match(await acquire('w1', { key: 'c' }), { status: 'held' })
  await acquire('w2', { key: 'c' })
  const ended = { workerId: 'w2', jobId: key.jobId, attempt: 1, member: 2, members: 3, endedAt: 1 }
  await store.call('members.record', { ...ended, outcome: { status: 'succeeded', result: 1 }, history: [] })
  t.match(await acquire('w1', { key: 'd' }), { status: 'held' }, 'an ended worker has no turn')
})

t.test("a worker that already waited at the start of another worker's turn is next in line", async t => {
  const { store, key, acquire } = await discovery(t)
  await acquire('w1', { key: 'a' })
  await Promise.all(['w2', 'w3'].map(worker => acquire(worker, { key: 'a' })))
  await store.call('discoveries.complete', { ...key, key: 'a', fence: 1, value: 1 })
  t.match(await acquire('w3', { key: 'b' }), { status: 'waiting' }, 'it is the turn of w2')
  t.match(await acquire('w1', { key: 'b' }), { status: 'waiting' })
  t.match(await acquire('w2', { key: 'b' }), { status: 'held' })
  await store.call('discoveries.complete', { ...key, key: 'b', fence: 1, value: 2 })
  t.match(
    await acquire('w2', { key: 'c' }),
    { status: 'waiting' },
    'w3 asked before the turn of w2, and is next',
  )
  t.match(await acquire('w3', { key: 'c' }), { status: 'held' })
})

t.test('another worker retries a failed discovery after a pause, before the failure is returned', async t => {
  const { store, clock, key, acquire } = await discovery(t)
  const error = errorRecord()
  const fail = (fence: number) =>
    store.call('discoveries.fail', { ...key, fence, error, retries: 2, ttlMs: 500 })
  await acquire('w1')
  await acquire('w2')
  t.strictSame(await fail(1), { applied: true, again: true })
  t.strictSame(await acquire('w2'), { status: 'waiting', forMs: 250, stands: false })
  clock.advance(250)
  t.match(await acquire('w1'), { status: 'waiting' }, 'the turn has passed to w2')
  t.match(await acquire('w2'), { status: 'held', fence: 2 })
  t.match(await fail(2), { again: true })
  clock.advance(1_000)
  t.match(await acquire('w1'), { status: 'held', fence: 3 })
  t.strictSame(await fail(3), { applied: true, again: false })
  t.strictSame(await acquire('w2'), { status: 'failed', error })
  clock.advance(500)
  t.match(await acquire('w2'), { status: 'held' }, 'a failure has a time to live too')
  t.match(await fail(4), { again: true }, 'its retries are counted from zero again')
})

t.test('notifies a waiting worker of the end only, so until then it only needs to read', async t => {
  const { store, clock, key, acquire } = await discovery(t)
  const told: string[] = []
  store.onChange(tables => told.push(...tables))
  const look = () => store.call('discoveries.look', key)
  t.strictSame(await look(), { status: 'unsettled' })
  await acquire('w1')
  await acquire('w2')
  t.strictSame(await look(), { status: 'waiting', forMs: 1_000, stands: false })
  t.strictSame(told, [], 'a new holder and a waiting worker are not notified')
  await store.call('discoveries.complete', { ...key, fence: 1, value: 'a' })
  t.strictSame(told, ['discoveries'])
  t.match(await look(), { status: 'done', value: 'a' })

  await acquire('w2', { key: 'prices' })
  await store.call('discoveries.release', { workerId: 'w2' })
  t.strictSame(told, ['discoveries', 'discoveries'], 'a released discovery is notified')
  await acquire('w3', { key: 'prices' })
  clock.advance(1_000)
  t.strictSame(await store.call('discoveries.look', { ...key, key: 'prices' }), { status: 'unsettled' })
})
