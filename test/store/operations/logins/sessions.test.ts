import t from 'tap'
import { runningJob, timedStore } from '../../../helpers/store/job-store.ts'

const ANNA = { site: 'street', account: 'anna' }

async function accounts(t: Parameters<typeof timedStore>[0]) {
  const { store } = await timedStore(t)
  const jobs = [await runningJob(store), await runningJob(store)]
  const [first = 0, second = 0] = jobs
  const acquire = (workerId: string, jobId: number, attempt = 1, sole = false) =>
    store.call('sessions.acquire', { ...ANNA, workerId, jobId, attempt, sole })
  const read = async (fence: number) => (await store.call('sessions.read', { ...ANNA, fence })).sealed
  const save = (fence: number, sealed: string, known = false) =>
    store.call('sessions.save', { ...ANNA, fence, sealed, known })
  return { store, first, second, acquire, read, save }
}

t.test('an account has one holder; the next one gets the account and its saved login on release', async t => {
  const { store, first, second, acquire, read, save } = await accounts(t)
  t.strictSame(await acquire('w1', first), { status: 'held', fence: 1 })
  t.strictSame(await acquire('w1', first), { status: 'held', fence: 1 }, 'the same lease at the second call')
  t.strictSame(await acquire('w2', second), { status: 'waiting', jobId: first })
  t.equal(await read(1), null)
  t.strictSame(await save(1, 'sealed'), { applied: true })
  t.strictSame(await store.call('sessions.release', { workerId: 'w1' }), { released: 1 })
  t.strictSame(await acquire('w2', second), { status: 'held', fence: 2 })
  t.equal(await read(2), 'sealed')
  t.strictSame(await save(1, 'late'), { applied: false }, 'the earlier holder cannot save any more')
  t.equal(await read(1), null, 'the earlier holder cannot read')
  t.match(await store.call('sessions.list', {}), [{ ...ANNA, holder: 'w2', jobId: second }])
})

t.test('an account is free after its job has ended or was recovered from a dead scheduler', async t => {
  const { store, first, second, acquire, save } = await accounts(t)
  await acquire('w1', first)
  await store.call('jobs.finish', { id: first, attempt: 1, state: 'retrying' })
  t.strictSame(await save(1, 'late'), { applied: false })
  t.strictSame(await acquire('w1', first), { status: 'fenced' })
  t.strictSame(await acquire('w2', second), { status: 'held', fence: 2 })
  await store.call('jobs.recover', {})
  t.strictSame(await store.call('sessions.list', {}), [])
  await store.call('jobs.claim', { id: first })
  t.strictSame(await acquire('w3', first, 2), { status: 'held', fence: 3 })
})

t.test('does not claim a job while its account is in use, but claims other jobs', async t => {
  const { store, first, second, acquire } = await accounts(t)
  const other = await runningJob(store)
  const back = (id: number) => store.call('jobs.finish', { id, attempt: 1, state: 'interrupted' })
  const claimable = async () =>
    (await store.call('jobs.claimable', { limit: 9 })).map(({ id, waitReason }) => [id, waitReason])
  await acquire('w1', first)
  t.match(await acquire('w2', second, 1, true), { status: 'waiting' })
  await back(second)
  await back(other)
  t.strictSame(await claimable(), [[other, null]])
  t.equal(await store.call('jobs.claim', { id: second }), null)
  t.match(await store.call('jobs.read', { id: second }), { state: 'interrupted', attempt: 1, failures: 0 })
  await store.call('sessions.release', { workerId: 'w1' })
  const reason = { why: 'account', site: 'street', account: 'anna', jobId: first }
  t.strictSame(await claimable(), [
    [second, reason],
    [other, null],
  ])
  t.match(await store.call('jobs.waits', { id: second }), { reason })
  await store.call('jobs.claim', { id: second })
  t.match(await acquire('w2', second, 2, true), { status: 'held' })
  await store.call('jobs.finish', { id: first, attempt: 1, state: 'interrupted' })
  await store.call('jobs.claim', { id: first })
  t.match(await acquire('w1', first, 2, true), { status: 'waiting' })
  await store.call('sessions.release', { workerId: 'w2' })
  await store.call('jobs.finish', { id: first, attempt: 2, state: 'interrupted' })
  t.strictSame(
    await claimable(),
    [[other, null]],
    'a running job of the account counts before it has the lease',
  )
})

t.test('a forgotten login stays forgotten when its user ends', async t => {
  const { store, first, acquire, read, save } = await accounts(t)
  await acquire('w1', first)
  await save(1, 'sealed')
  t.strictSame(await save(1, 'renewed', true), { applied: true })
  t.strictSame(await store.call('sessions.forget', { account: 'anna', site: 'elsewhere' }), [])
  t.strictSame(await store.call('sessions.forget', { account: 'anna' }), [ANNA])
  t.strictSame(await save(1, 'renewed', true), { applied: false })
  t.equal(await read(1), null)
  await save(1, 'fresh')
  t.strictSame(await store.call('sessions.discard', { ...ANNA, fence: 0 }), { applied: false })
  t.strictSame(await store.call('sessions.discard', { ...ANNA, fence: 1 }), { applied: true })
  t.equal(await read(1), null)
})
