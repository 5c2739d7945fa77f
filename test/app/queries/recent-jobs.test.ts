import t from 'tap'
import type { OperationName } from '../../../lib/store/operations/index.ts'
import type { Store } from '../../../lib/store/store.ts'
import { RecentJobs } from '../../../lib/app/queries/recent-jobs.ts'
import { enqueue, runningJob, timedStore } from '../../helpers/store/job-store.ts'

const ROWS = 3

/** Returns the store and a record of the operations called on it. */
function watched(store: Store): { readonly store: Pick<Store, 'call'>; asked(): OperationName[] } {
  const asked: OperationName[] = []
  return {
    asked: () => asked.splice(0),
    store: {
      call(name, input) {
        asked.push(name)
        return store.call(name, input)
      },
    },
  }
}

t.test(
  'jobs that run and that changed last are told as they stand, and read again only when they changed',
  async t => {
    const { store } = await timedStore(t)
    const { store: asked, ...its } = watched(store)
    const recentJobs = new RecentJobs(asked, ROWS)
    t.strictSame(await recentJobs.read(), [])
    const running = await runningJob(store)
    const ids = [await enqueue(store), await enqueue(store), await enqueue(store)]
    const told = await recentJobs.read()
    t.match(told, [{ id: ids[2] }, { id: ids[1] }, { id: ids[0] }, { id: running, state: 'running' }])
    its.asked()
    t.strictSame(await recentJobs.read(), told)
    t.strictSame(its.asked(), ['jobs.recent'])
    await store.call('jobs.cancel', { id: ids[0] ?? 0 })
    const after = await recentJobs.read()
    t.match(after[0], { id: ids[0], state: 'cancelled' })
    t.equal(after[1], told[0], 'the others are those of before')
    await store.call('jobs.finish', { id: running, attempt: 1, state: 'succeeded' })
    t.match(await recentJobs.read(), [{ id: running, state: 'succeeded' }, { id: ids[0] }, { id: ids[2] }])
  },
)

t.test('what a row says anew is told, whoever wrote it', async t => {
  const { store } = await timedStore(t)
  const recentJobs = new RecentJobs(store, ROWS)
  const id = await enqueue(store)
  await enqueue(store)
  await recentJobs.read()
  await store.call('tables.update', {
    table: 'jobs',
    key: { id },
    values: { retries: '7' },
    seen: { retries: 2 },
  })
  t.match(await recentJobs.read(), [{ id, retries: 7 }, {}])
  const waits = await enqueue(store, { after: [id] })
  await store.call('jobs.claim', { id })
  await recentJobs.read()
  await store.call('jobs.finish', { id, attempt: 1, state: 'succeeded' })
  const freed = (await recentJobs.read()).find(job => job.id === waits)
  t.equal(freed?.waitReason, null, 'what it waited for is over')
})

t.test('a job that is removed is told no more, and the ones before it come back', async t => {
  const { store } = await timedStore(t)
  const recentJobs = new RecentJobs(store, 2)
  const ids = [await enqueue(store), await enqueue(store), await enqueue(store)]
  t.match(await recentJobs.read(), [{ id: ids[2] }, { id: ids[1] }])
  await store.call('jobs.cancel', { id: ids[2] ?? 0 })
  await store.call('tables.remove', { table: 'jobs', key: { id: ids[2] ?? 0 } })
  t.match(await recentJobs.read(), [{ id: ids[1] }, { id: ids[0] }])
  t.strictSame([...recentJobs.resurfaced], [ids[0]], 'it has not changed')
  await recentJobs.read()
  t.strictSame([...recentJobs.resurfaced], [ids[0]])
  await store.call('jobs.cancel', { id: ids[0] ?? 0 })
  await recentJobs.read()
  t.strictSame([...recentJobs.resurfaced], [])
})

t.test('a list is of one moment, also if a job changes while it is read', async t => {
  const { store } = await timedStore(t)
  const id = await enqueue(store)
  let changed: Promise<unknown> | undefined
  const recentJobs = new RecentJobs(
    {
      async call(name, input) {
        const result = await store.call(name, input)
        await (changed ??= store.call('jobs.cancel', { id }))
        return result
      },
    },
    ROWS,
  )
  t.match(await recentJobs.read(), [{ id, state: 'queued' }])
  const { seq } = recentJobs
  t.match(await recentJobs.read(), [{ id, state: 'cancelled' }])
  t.ok(recentJobs.seq > seq)
})
