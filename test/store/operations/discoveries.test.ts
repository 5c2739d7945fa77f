import t from 'tap'
import { errorRecord, runningJob, timedStore } from '../../helpers/job-store.ts'

async function discovery(t: Parameters<typeof timedStore>[0]) {
  const { store, clock } = await timedStore(t)
  const key = { jobId: await runningJob(store), attempt: 1, key: 'shops' }
  const acquire = (workerId: string) =>
    store.call('discoveries.acquire', { ...key, workerId, leaseMs: 1_000 })
  return { store, clock, key, acquire }
}

t.test('one holds a discovery, the others wait, and all get its value', async t => {
  const { store, key, acquire } = await discovery(t)
  t.strictSame(await Promise.all(['w1', 'w2', 'w3'].map(acquire)), [
    { status: 'held', fence: 1 },
    { status: 'waiting' },
    { status: 'waiting' },
  ])
  t.strictSame(await store.call('discoveries.complete', { ...key, fence: 1, value: ['a'] }), {
    applied: true,
  })
  t.strictSame(await acquire('w2'), { status: 'done', value: ['a'] })
  t.match(await store.call('discoveries.acquire', { ...key, key: 'prices', workerId: 'w2', leaseMs: 1 }), {
    status: 'held',
  })
})

t.test('a failed discovery is told to everybody', async t => {
  const { store, key, acquire } = await discovery(t)
  await acquire('w1')
  const error = errorRecord()
  await store.call('discoveries.fail', { ...key, fence: 1, error })
  t.strictSame(await acquire('w2'), { status: 'failed', error })
  t.strictSame(await store.call('discoveries.complete', { ...key, fence: 1, value: 1 }), { applied: false })
})

t.test('a holder that lets its lease run out is replaced, and its late word is refused', async t => {
  const { store, clock, key, acquire } = await discovery(t)
  await acquire('w1')
  clock.advance(999)
  t.strictSame(await acquire('w2'), { status: 'waiting' })
  clock.advance(1)
  t.strictSame(await acquire('w2'), { status: 'held', fence: 2 })
  t.strictSame(await store.call('discoveries.complete', { ...key, fence: 1, value: 'old' }), {
    applied: false,
  })
  t.strictSame(await store.call('discoveries.fail', { ...key, fence: 1, error: errorRecord() }), {
    applied: false,
  })
  await store.call('discoveries.complete', { ...key, fence: 2, value: 'new' })
  t.strictSame(await acquire('w1'), { status: 'done', value: 'new' })
})

t.test('what a worker held is free as soon as it has ended; what it finished stays', async t => {
  const { store, key, acquire } = await discovery(t)
  await acquire('w1')
  t.strictSame(await store.call('discoveries.release', { workerId: 'w2' }), { released: 0 })
  t.strictSame(await acquire('w2'), { status: 'waiting' })
  t.strictSame(await store.call('discoveries.release', { workerId: 'w1' }), { released: 1 })
  t.strictSame(await acquire('w2'), { status: 'held', fence: 2 })
  await store.call('discoveries.complete', { ...key, fence: 2, value: null })
  t.strictSame(await store.call('discoveries.release', { workerId: 'w2' }), { released: 0 })
  t.strictSame(await acquire('w3'), { status: 'done', value: null })
})

t.test('a new attempt discovers anew', async t => {
  const { store, key, acquire } = await discovery(t)
  await acquire('w1')
  await store.call('discoveries.complete', { ...key, fence: 1, value: 1 })
  await store.call('jobs.finish', { id: key.jobId, attempt: 1, state: 'interrupted' })
  await store.call('jobs.claim', { id: key.jobId })
  t.match(await store.call('discoveries.acquire', { ...key, attempt: 2, workerId: 'w2', leaseMs: 1 }), {
    status: 'held',
  })
})
