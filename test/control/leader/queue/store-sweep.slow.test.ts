import t from 'tap'
import { ClockWatch } from '../../../../lib/control/clock/clock-watch.ts'
import { StoreSweep } from '../../../../lib/control/leader/queue/store-sweep.ts'
import { crash } from '../../../helpers/builders/crash.ts'
import { RecordingLog } from '../../../helpers/recording-log.ts'
import { crashNotice } from '../../../helpers/builders/notices.ts'
import { enqueue, jobIn, timedStore } from '../../../helpers/store/job-store.ts'

const DAY_MS = 24 * 60 * 60_000

t.test('removes old ended jobs with their crash reports, but no job that may still run', async t => {
  const { store, clock } = await timedStore(t)
  for (const state of ['succeeded', 'failed', 'cancelled', 'parked', 'queued'] as const)
    await jobIn(store, state)
  const waiting = await enqueue(store, { after: [2], afterFailure: 'run' })
  await store.call('crashes.record', { file: 'one', document: crash({ jobId: 2, at: clock.now() }) })
  const notices = [1, 2].map(() => ({ channel: 'bell' as const, notice: crashNotice() }))
  await store.call('notices.settle', { noticed: [1], changed: [], forgotten: [], notices })
  await store.call('messages.end', { id: 1, uncertainBefore: false, delivery: { status: 'delivered' } })
  const sweep = new StoreSweep({
    store,
    clock,
    clockWatch: new ClockWatch(clock, new RecordingLog()),
    keepJobsMs: 90 * DAY_MS,
  })
  clock.advance(90 * DAY_MS)
  t.equal(await sweep.round(), 0, 'they stay until the end of their time')
  const young = await jobIn(store, 'succeeded')
  clock.advance(3_599_999)
  t.equal(await sweep.round(), 0, 'it does not check all the time')
  clock.advance(1)
  t.equal(await sweep.round(), 5, 'three jobs, a crash report and a message')
  const left = (await store.call('jobs.list', {})).map(({ id, state }) => [id, state])
  t.strictSame(
    left.sort(),
    [
      [4, 'parked'],
      [5, 'queued'],
      [waiting, 'queued'],
      [young, 'succeeded'],
    ].sort(),
  )
  t.strictSame(await store.call('crashes.list', { limit: 10 }), [])
  t.match(await store.call('messages.overview', {}), [{ channel: 'bell', sent: 0, waiting: 1 }])
  t.match(await store.call('jobs.read', { id: waiting }), { after: [] }, 'its dependent may run')
  t.match(await store.call('jobs.claim', { id: waiting }), { id: waiting })
})

t.test('removes thousands of jobs in one round, in batches', async t => {
  const { store, clock } = await timedStore(t)
  await Promise.all(Array.from({ length: 1_100 }, () => enqueue(store)))
  for (const { id } of await store.call('jobs.list', { limit: 1_000 })) void store.call('jobs.cancel', { id })
  for (const { id } of await store.call('jobs.list', { states: ['queued'], limit: 1_000 })) {
    await store.call('jobs.cancel', { id })
  }
  clock.advance(2 * DAY_MS)
  t.equal(
    await new StoreSweep({
      store,
      clock,
      clockWatch: new ClockWatch(clock, new RecordingLog()),
      keepJobsMs: DAY_MS,
    }).round(),
    1_100,
  )
  t.equal((await store.call('jobs.counts', {})).cancelled, 0)
  t.equal((await store.call('store.check', {})).ok, true)
})
