import t from 'tap'
import { JOB_STATES, jobWaits } from '../../../../lib/model/job/job.ts'
import { enqueue, jobIn, timedStore } from '../../../helpers/store/job-store.ts'

t.test('changes the priority of a waiting job, and refuses a running or ended one with a reason', async t => {
  const { store } = await timedStore(t)
  for (const state of JOB_STATES) {
    const id = await jobIn(store, state)
    const { changed, refused } = await store.call('jobs.prioritise', { ids: [id], change: { to: -7 } })
    const priority = (await store.call('jobs.read', { id }))?.priority
    t.equal(priority, jobWaits(state) ? -7 : 0, state)
    t.same(changed, jobWaits(state) ? [{ id, priority: -7 }] : [])
    t.equal(refused.length, jobWaits(state) ? 0 : 1)
    if (!jobWaits(state)) t.match(refused[0], `Job ${id} is ${state}`)
    await store.call('jobs.recover', {})
  }
  t.match(await store.call('jobs.prioritise', { ids: [999], change: { to: 1 } }), {
    changed: [],
    refused: [/There is no job 999\. "automate-tui jobs" lists/],
  })
})

t.test('clamps steps to the range, and a refused job does not affect the others', async t => {
  const { store } = await timedStore(t)
  const low = await enqueue(store, { priority: -95 })
  const high = await enqueue(store, { priority: 95 })
  const over = await jobIn(store, 'succeeded')
  const { changed, refused } = await store.call('jobs.prioritise', {
    ids: [low, over, high, high],
    change: { by: 10 },
  })
  t.same(changed, [
    { id: low, priority: -85 },
    { id: high, priority: 100 },
  ])
  t.equal(refused.length, 1)
  await store.call('jobs.prioritise', { ids: [low], change: { by: -1_000 } })
  t.equal((await store.call('jobs.read', { id: low }))?.priority, -100)
  await t.rejects(store.call('jobs.prioritise', { ids: [low], change: { to: 101 } }))
})

t.test('a later job goes first once its priority outweighs the wait of others', async t => {
  const { store } = await timedStore(t)
  const first = await enqueue(store)
  const second = await enqueue(store)
  const claimable = async () => (await store.call('jobs.claimable', { limit: 10 })).map(({ id }) => id)
  t.same(await claimable(), [first, second])
  await store.call('jobs.prioritise', { ids: [second], change: { by: 10 } })
  t.same(await claimable(), [second, first])
  const [newest] = await store.call('jobs.recent', { limit: 1 })
  t.match(newest, { id: second }, 'a reader of recent changes sees the change')
  t.match(await store.call('jobs.summaries', { ids: [second] }), [{ id: second, priority: 10 }])
})
