import t from 'tap'
import type { Store } from '../../../../lib/store/store.ts'
import { runningJob, timedStore } from '../../../helpers/store/job-store.ts'
import { openTestStore } from '../../../helpers/store/project.ts'

const offer = { attempt: 1, member: 1, workerId: 'w1', seenVersion: 0, result: 9, targetMet: false }

t.test('accepts an offer only from a worker that saw the best, and sends the best to others', async t => {
  const { store } = await timedStore(t)
  const jobId = await runningJob(store)
  t.equal(await store.call('offers.best', { jobId }), null)
  t.strictSame(await store.call('offers.submit', { ...offer, jobId }), { status: 'accepted', version: 1 })
  const best = { version: 1, result: 9, targetMet: false, member: 1 }
  t.strictSame(await store.call('offers.submit', { ...offer, jobId, member: 2 }), { status: 'stale', best })
  t.strictSame(
    await store.call('offers.submit', { ...offer, jobId, seenVersion: 1, result: null, targetMet: true }),
    { status: 'accepted', version: 2 },
  )
  t.strictSame(await store.call('runs.news', {}), [
    { id: jobId, cancelRequested: false, best: { result: null, targetMet: true } },
  ])
})

t.test('refuses an offer under an old attempt, or for a job that is not running', async t => {
  const { store } = await timedStore(t)
  const jobId = await runningJob(store)
  await store.call('offers.submit', { ...offer, jobId })
  await store.call('jobs.finish', { id: jobId, attempt: 1, state: 'interrupted' })
  t.strictSame(await store.call('offers.submit', { ...offer, jobId }), { status: 'fenced' })
  await store.call('jobs.claim', { id: jobId })
  t.strictSame(await store.call('offers.submit', { ...offer, jobId }), { status: 'fenced' })
  t.equal(await store.call('offers.best', { jobId }), null, 'a new attempt begins without a best')
  t.match(await store.call('offers.submit', { ...offer, jobId, attempt: 2 }), { status: 'accepted' })
})

t.test('of 8 clients that offer concurrently no offer is lost, and the best wins', async t => {
  const { store, paths } = await timedStore(t)
  const jobId = await runningJob(store, { workers: 8 })
  const clients = await Promise.all(Array.from({ length: 8 }, () => openTestStore(t, paths, 'client')))
  const accepted: number[] = []
  const offerAll = async (client: Store, member: number) => {
    for (let cents = 100 + member; cents > 0; cents -= 10) {
      let best = await client.call('offers.best', { jobId })
      while (best === null || cents < Number(best.result)) {
        const seenVersion = best?.version ?? 0
        const said = await client.call('offers.submit', {
          ...offer,
          jobId,
          member,
          seenVersion,
          result: cents,
        })
        if (said.status === 'accepted') accepted.push(said.version)
        if (said.status !== 'stale') break
        best = said.best
      }
    }
  }
  await Promise.all(clients.map((client, index) => offerAll(client, index + 1)))
  const best = await store.call('offers.best', { jobId })
  t.equal(best?.result, 1)
  t.strictSame(
    accepted.sort((a, b) => a - b),
    Array.from({ length: best?.version ?? 0 }, (_, n) => n + 1),
    'every version was assigned once',
  )
})

t.test('the news of a run include a cancel request', async t => {
  const { store } = await timedStore(t)
  const id = await runningJob(store)
  t.strictSame(await store.call('runs.news', {}), [{ id, cancelRequested: false, best: null }])
  await store.call('jobs.cancel', { id })
  t.strictSame(await store.call('runs.news', {}), [{ id, cancelRequested: true, best: null }])
  await store.call('jobs.finish', { id, attempt: 1, state: 'cancelled' })
  t.strictSame(await store.call('runs.news', {}), [])
})
