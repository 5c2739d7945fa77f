import t from 'tap'
import type { Store } from '../../../../lib/store/store.ts'
import type { JobState } from '../../../../lib/model/job/job.ts'
import { errorRecord } from '../../../helpers/builders/error-record.ts'
import { enqueue, timedStore } from '../../../helpers/store/job-store.ts'

const claimable = async (store: Store) =>
  (await store.call('jobs.claimable', { limit: 100 })).map(({ id }) => id)

async function end(store: Store, id: number, state: 'succeeded' | 'failed' | 'cancelled'): Promise<void> {
  const job = await store.call('jobs.claim', { id })
  if (job === null) throw new Error(`job ${id} could not be claimed`)
  const error = state === 'failed' ? { error: errorRecord() } : {}
  await store.call('jobs.finish', { id, attempt: job.attempt, state, ...error })
}

const stateOf = async (store: Store, id: number): Promise<JobState | undefined> =>
  (await store.call('jobs.read', { id }))?.state

const summaryOf = async (store: Store, id: number) =>
  (await store.call('jobs.list', {})).find(job => job.id === id)

const messageOf = async (store: Store, id: number) => (await summaryOf(store, id))?.errorMessage

const reasonOf = async (store: Store, id: number) => (await summaryOf(store, id))?.waitReason

t.test('claims a job only after its dependencies have succeeded, and names the pending ones', async t => {
  const { store } = await timedStore(t)
  const [first, second] = [await enqueue(store), await enqueue(store)]
  const last = await enqueue(store, { after: [first, second, first] })
  t.strictSame(await claimable(store), [first, second])
  t.equal(await store.call('jobs.claim', { id: last }), null)
  t.match(await summaryOf(store, last), {
    waitReason: { why: 'jobs', jobs: [first, second], more: 0 },
  })
  await end(store, first, 'succeeded')
  t.strictSame(await reasonOf(store, last), { why: 'jobs', jobs: [second], more: 0 })
  await end(store, second, 'succeeded')
  t.match(await summaryOf(store, last), { errorMessage: null, waitReason: null })
  t.strictSame(await claimable(store), [last])
  t.match(await store.call('jobs.read', { id: last }), { after: [first, second], afterFailure: 'cancel' })
  const late = await enqueue(store, { after: [first] })
  t.strictSame(
    await claimable(store),
    [last, late],
    'a dependency that has already succeeded is not waited for',
  )
})

t.test('a failed job cancels its dependents with the reason, and their dependents in turn', async t => {
  const { store } = await timedStore(t)
  const first = await enqueue(store, { retries: 0 })
  const second = await enqueue(store, { after: [first] })
  const third = await enqueue(store, { after: [second] })
  const anyway = await enqueue(store, { after: [first, second], afterFailure: 'run' })
  await end(store, first, 'failed')
  t.equal(await stateOf(store, second), 'cancelled')
  t.match(await messageOf(store, second), `Job ${first}, which this job waited for, failed.`)
  t.match(await messageOf(store, third), `Job ${second}, which this job waited for, was cancelled.`)
  t.strictSame(await claimable(store), [anyway], 'a dependent that runs after failures too is claimable')
  await t.rejects(enqueue(store, { after: [first] }), {
    code: 'job-state',
    message: /has failed, so a job .*Retry job 1 first/,
  })
  await store.call('jobs.retry', { id: first })
  await store.call('jobs.retry', { id: second })
  t.strictSame(await claimable(store), [first], 'a dependent waits again for a job that was queued again')
  await end(store, first, 'succeeded')
  t.strictSame(await claimable(store), [second])
  await end(store, second, 'succeeded')
  t.strictSame(await claimable(store), [anyway])
})

t.test('refuses to retry a dependent before the dead job that cancelled it', async t => {
  const { store } = await timedStore(t)
  const first = await enqueue(store, { retries: 0 })
  const second = await enqueue(store, { after: [first] })
  const third = await enqueue(store, { after: [second] })
  await end(store, first, 'failed')
  for (const [id, dead] of [
    [second, `Job ${first} has failed, so`],
    [third, `Job ${second} was cancelled, so`],
  ] as const) {
    await t.rejects(store.call('jobs.retry', { id }), { code: 'job-state', message: new RegExp(dead) })
    t.equal(await stateOf(store, id), 'cancelled')
  }
  t.match(await store.call('jobs.retry-dead', {}), { queued: [first], refused: [] })
  await store.call('jobs.retry', { id: second })
  t.strictSame(await claimable(store), [first])
  await end(store, first, 'cancelled')
  t.equal(await stateOf(store, second), 'cancelled')
})

t.test('a dependent that runs after failures too waits for a retry, unless it has begun', async t => {
  const { store } = await timedStore(t)
  const first = await enqueue(store, { retries: 0 })
  const begun = await enqueue(store, { after: [first], afterFailure: 'run' })
  const queued = await enqueue(store, { after: [first], afterFailure: 'run' })
  await end(store, first, 'failed')
  await store.call('jobs.claim', { id: begun })
  await store.call('jobs.retry', { id: first })
  t.strictSame(await claimable(store), [first])
  t.equal(await stateOf(store, begun), 'running')
  t.match(await reasonOf(store, queued), { why: 'jobs', jobs: [first] })
  await end(store, first, 'failed')
  t.strictSame(await claimable(store), [queued])
})

t.test('a cancelled job cancels its dependents; a pending retry does not', async t => {
  const { store, clock } = await timedStore(t)
  const first = await enqueue(store)
  const second = await enqueue(store, { after: [first] })
  await store.call('jobs.claim', { id: first })
  await store.call('jobs.finish', {
    ...{ id: first, attempt: 1, state: 'retrying', error: errorRecord(), dueAt: clock.now() },
  })
  t.equal(await stateOf(store, second), 'queued')
  await store.call('jobs.cancel', { id: first })
  t.equal(await stateOf(store, second), 'cancelled')
  const third = await enqueue(store)
  const fourth = await enqueue(store, { after: [third] })
  await store.call('jobs.claim', { id: third })
  await store.call('jobs.cancel', { id: third })
  t.equal(await stateOf(store, fourth), 'queued', 'the dependent waits until the running job has ended')
  await store.call('jobs.recover', {})
  t.equal(await stateOf(store, fourth), 'cancelled')
})

t.test('refuses unknown jobs, cycles and begun jobs as dependencies, and queues nothing', async t => {
  const { store } = await timedStore(t)
  const [first, second] = [await enqueue(store), await enqueue(store)]
  const third = await enqueue(store, { after: [second] })
  await t.rejects(enqueue(store, { after: [99] }), { code: 'job-missing', message: /no job 99/ })
  t.equal((await store.call('jobs.list', {})).length, 3)
  await store.call('jobs.wait-for', { id: second, after: [first] })
  await t.rejects(store.call('jobs.wait-for', { id: first, after: [third] }), {
    code: 'job-state',
    message: `Job ${first} cannot wait for job ${third}, because job ${third} already waits for job ${first}: ${first} → ${third} → ${second} → ${first}. Both would wait forever.`,
  })
  await t.rejects(store.call('jobs.wait-for', { id: first, after: [first] }), { message: /wait for itself/ })
  await store.call('jobs.claim', { id: first })
  await t.rejects(store.call('jobs.wait-for', { id: first, after: [third] }), { message: /is running/ })
  t.strictSame(await claimable(store), [])
})

t.test('adds a dependency at once, however many paths lead through earlier ones', async t => {
  const { store } = await timedStore(t)
  const STAGES = 60
  const first = await enqueue(store)
  let stage = [first, await enqueue(store)]
  for (let i = 0; i < STAGES; i++) {
    // Each job of a stage waits for both jobs of the previous stage, so 2^60 paths lead from the
    // last to the first.
    stage = [await enqueue(store, { after: stage }), await enqueue(store, { after: stage })]
  }
  const [last = 0] = stage
  t.equal((await summaryOf(store, last))?.state, 'queued')
  const before = await enqueue(store)
  await store.call('jobs.wait-for', { id: first, after: [before] })
  await t.rejects(store.call('jobs.wait-for', { id: before, after: [last] }), {
    code: 'job-state',
    message: new RegExp(
      `^Job ${before} cannot wait for job ${last}, because job ${last} already waits for job ${before}: ${before} → ${last} → .* → … → ${before}\\.`,
    ),
  })
})
