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

t.test(
  'a job is not claimed before all that it waits for have succeeded, and says for what it waits',
  async t => {
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
    t.strictSame(await claimable(store), [last, late], 'what has succeeded already is not waited for')
  },
)

t.test(
  'when one fails, those that wait for it are cancelled with the reason, and then those that wait for them',
  async t => {
    const { store } = await timedStore(t)
    const first = await enqueue(store, { retries: 0 })
    const second = await enqueue(store, { after: [first] })
    const third = await enqueue(store, { after: [second] })
    const anyway = await enqueue(store, { after: [first, second], afterFailure: 'run' })
    await end(store, first, 'failed')
    t.equal(await stateOf(store, second), 'cancelled')
    t.match(await messageOf(store, second), `Job ${first}, which this job waited for, failed.`)
    t.match(await messageOf(store, third), `Job ${second}, which this job waited for, was cancelled.`)
    t.strictSame(await claimable(store), [anyway], 'one that is to run all the same does')
    await t.rejects(enqueue(store, { after: [first] }), {
      code: 'job-state',
      message: /has failed, so a job .*Retry job 1 first/,
    })
    await store.call('jobs.retry', { id: first })
    await store.call('jobs.retry', { id: second })
    t.strictSame(await claimable(store), [first], 'queued again, it is waited for again')
    await end(store, first, 'succeeded')
    t.strictSame(await claimable(store), [second])
    await end(store, second, 'succeeded')
    t.strictSame(await claimable(store), [anyway])
  },
)

t.test('a job that would be cancelled with a dead one is not retried before that one', async t => {
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

t.test('a job that runs whatever becomes of another waits for its retry, unless it has begun', async t => {
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

t.test('a cancelled job takes along what waits for it; a retry that is still to come does not', async t => {
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
  t.equal(await stateOf(store, fourth), 'queued', 'until the running one has ended')
  await store.call('jobs.recover', {})
  t.equal(await stateOf(store, fourth), 'cancelled')
})

t.test('unknown jobs, cycles and jobs that have begun are refused, and nothing is queued then', async t => {
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

t.test('a dependency is added at once, however many ways lead through those before', async t => {
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
