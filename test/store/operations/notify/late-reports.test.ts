import t from 'tap'
import type { Store } from '../../../../lib/store/store.ts'
import { crash } from '../../../helpers/builders/crash.ts'
import { errorRecord } from '../../../helpers/builders/error-record.ts'
import { runningJob, timedStore } from '../../../helpers/store/job-store.ts'

const lateOf = async (store: Store, id: number) => (await store.call('jobs.read', { id }))?.lateReports

t.test('counts but drops a crash from after its attempt, and keeps one that only arrives late', async t => {
  const { store, clock } = await timedStore(t)
  const jobId = await runningJob(store, { workers: 2 })
  const offer = { jobId, attempt: 1, member: 1, workerId: 'w1', seenVersion: 0, result: 1, targetMet: true }
  let reports = 0
  const record = async (at: number, attempt = 1) => {
    // Each report is from another worker, because a part of an attempt has only one report.
    const document = crash({ jobId, attempt, at, member: ++reports, members: 8 })
    return (await store.call('crashes.record', { file: `job_${jobId}_${reports}.json`, document })).status
  }
  t.equal(await record(clock.now()), 'created', 'during the attempt')
  clock.advance(10)
  await store.call('offers.submit', offer)
  const metAt = clock.now()
  t.equal(await record(metAt - 5), 'created', 'before the target was met')
  t.equal(await record(metAt + 1), 'late', 'after the target was met')
  clock.advance(10)
  await store.call('jobs.finish', { id: jobId, attempt: 1, state: 'failed', error: errorRecord() })
  await store.call('jobs.retry', { id: jobId })
  clock.advance(10)
  await store.call('jobs.claim', { id: jobId })
  t.equal(await record(clock.now() - 1), 'created', 'of the earlier attempt, before this one')
  t.equal(await record(clock.now() + 1), 'late', 'of the earlier attempt, after this one had begun')
  t.equal(await record(clock.now() + 1, 2), 'created', 'of this attempt')
  await store.call('jobs.cancel', { id: jobId })
  t.equal(await record(clock.now() + 1, 2), 'late', 'after the cancel request')
  t.equal(await lateOf(store, jobId), 3)
  t.strictSame(await store.call('late-reports.count', {}), { count: 3 })
})

t.test('refuses and counts late offers, discoveries and ends of an ended attempt', async t => {
  const { store, clock } = await timedStore(t)
  const jobId = await runningJob(store)
  const key = { jobId, attempt: 1, key: 'shops' }
  const lease = { workerId: 'w1', member: 1, members: 1, leaseMs: 1_000 }
  const turn = await store.call('discoveries.acquire', { ...key, ...lease })
  if (turn.status !== 'held') throw new Error(`the turn is ${turn.status}`)
  await store.call('jobs.recover', {})
  clock.advance(1)
  await store.call('jobs.claim', { id: jobId })

  const { fence } = turn
  const complete = { ...key, fence, value: 1 }
  const offer = { jobId, attempt: 1, member: 1, workerId: 'w1', seenVersion: 0, result: 1, targetMet: true }
  t.strictSame(await store.call('offers.submit', offer), { status: 'fenced' })
  t.strictSame(await store.call('discoveries.complete', complete), { applied: false })
  t.match(await store.call('discoveries.fail', { ...key, fence, error: errorRecord() }), { applied: false })
  t.match(await store.call('jobs.finish', { id: jobId, attempt: 1, state: 'succeeded' }), {
    applied: false,
  })
  t.equal(await lateOf(store, jobId), 4)
  t.match(await store.call('jobs.read', { id: jobId }), { state: 'running', attempt: 2 })
})
