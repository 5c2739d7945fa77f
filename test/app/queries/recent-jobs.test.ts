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

t.test('lists running and recently changed jobs, and rereads only changed ones', async t => {
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
  t.equal(after[1], told[0], 'the other rows are reused')
  await store.call('jobs.finish', { id: running, attempt: 1, state: 'succeeded' })
  t.match(await recentJobs.read(), [{ id: running, state: 'succeeded' }, { id: ids[0] }, { id: ids[2] }])
})

t.test('shows changed values of a row from any writer', async t => {
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
  t.equal(freed?.waitReason, null, 'the wait is over')
})

t.test('drops a removed job, and lists earlier jobs again', async t => {
  const { store } = await timedStore(t)
  const recentJobs = new RecentJobs(store, 2)
  const ids = [await enqueue(store), await enqueue(store), await enqueue(store)]
  t.match(await recentJobs.read(), [{ id: ids[2] }, { id: ids[1] }])
  await store.call('jobs.cancel', { id: ids[2] ?? 0 })
  await store.call('tables.remove', { table: 'jobs', key: { id: ids[2] ?? 0 } })
  t.match(await recentJobs.read(), [{ id: ids[1] }, { id: ids[0] }])
  t.strictSame([...recentJobs.resurfaced], [ids[0]], 'the job has not changed')
  await recentJobs.read()
  t.strictSame([...recentJobs.resurfaced], [ids[0]])
  await store.call('jobs.cancel', { id: ids[0] ?? 0 })
  await recentJobs.read()
  t.strictSame([...recentJobs.resurfaced], [])
})

t.test('a list is of one moment, even if a job changes during the read', async t => {
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
