import t from 'tap'
import type { ProxyWaitReason } from '../../../lib/model/proxy/proxy.ts'
import type { Store } from '../../../lib/store/store.ts'
import { enqueue, runningJob, timedStore } from '../../helpers/store/job-store.ts'

const ONE = 'http://proxy.example:8080'
const OTHER = 'http://proxy.example:8080#0a1b2c'

t.test('counts the successes and failures of a proxy, and a success resets its streak', async t => {
  const { store, clock } = await timedStore(t)
  t.strictSame(await store.call('proxies.list', {}), [])
  clock.advance(1_000)
  const fault = { kind: 'silent', ms: 4_000 } as const
  await store.call('proxies.use', { id: ONE })
  await store.call('proxies.fail', { id: ONE, error: 'x'.repeat(400), streak: 1, coolUntil: 16_000 })
  await store.call('proxies.fail', { id: ONE, error: 'it hangs', fault, streak: 2, coolUntil: 31_000 })
  await store.call('proxies.use', { id: OTHER })
  const none = { lastError: null, lastFault: null }
  const untouched = { successes: 0, failures: 0, streak: 0, coolUntil: null, ...none }
  const last = { lastError: 'it hangs', lastFault: fault }
  const health = { id: ONE, successes: 0, failures: 2, streak: 2, coolUntil: 31_000, ...last }
  const used = { uses: 1, lastUsedAt: clock.now() }
  t.strictSame(await store.call('proxies.list', {}), [
    { ...health, ...used },
    { ...untouched, id: OTHER, ...used },
  ])
  await store.call('proxies.succeed', { id: ONE })
  t.match(await store.call('proxies.list', {}), [
    { id: ONE, successes: 1, failures: 2, streak: 0, coolUntil: null, ...last },
    { id: OTHER, successes: 0 },
  ])
  await store.call('proxies.fail', { id: ONE, error: 'of a page', streak: 1, coolUntil: 32_000 })
  t.match((await store.call('proxies.list', {}))[0], { lastError: 'of a page', lastFault: null })
})

t.test('cuts the reason of a failure, and refuses an id that could hold a password', async t => {
  const { store } = await timedStore(t)
  await store.call('proxies.fail', { id: ONE, error: 'x'.repeat(400), streak: 1, coolUntil: 1 })
  t.match(await store.call('proxies.list', {}), [{ lastError: 'x'.repeat(300) }])
  await t.rejects(store.call('proxies.use', { id: 'http://ann:secret@proxy.example:8080' }), /proxies\.use/)
})

t.test('a deferred job has a wait reason and is claimed later; a running job is not deferred', async t => {
  const { store, clock } = await timedStore(t)
  const id = await enqueue(store)
  const reason = { why: 'full', proxies: 2 } as const
  await store.call('jobs.defer', { id, until: clock.now() + 5_000, reason })
  t.match(await store.call('jobs.waits', { id }), { reason })
  t.equal(await store.call('jobs.claim', { id }), null)
  t.match(await store.call('jobs.claimable', { limit: 9 }), [
    { id, state: 'queued', attempt: 0, failures: 0, errorMessage: null, waitReason: reason },
  ])
  clock.advance(5_000)
  t.match(await store.call('jobs.claim', { id }), { id, attempt: 1 })
  t.match(
    await store.call('jobs.list', {}),
    [{ id, errorMessage: null, waitReason: null }],
    'the reason is gone',
  )

  const running = await runningJob(store)
  await store.call('jobs.defer', { id: running, until: clock.now() + 5_000, reason })
  t.match(await store.call('jobs.read', { id: running }), { state: 'running', dueAt: clock.now() })
})

/**
 * Returns the queued jobs that have changed since, read in pages of one job. Two jobs with the same
 * seq would hide each other.
 */
async function changedSince(store: Store, since: number) {
  const ids: number[] = []
  let seq = since
  for (;;) {
    const page = { after: seq, upTo: 1_000, states: ['queued' as const], limit: 1 }
    const { jobs, next } = await store.call('jobs.changed', page)
    if (next === null) return { ids, seq }
    ids.push(...jobs.map(({ id }) => id))
    seq = next
  }
}

t.test('a new list of proxies makes only the jobs that wait for it due', async t => {
  const { store, clock } = await timedStore(t)
  const until = clock.now() + 5_000
  const deferFor = async (reason: ProxyWaitReason) => {
    const id = await enqueue(store)
    await store.call('jobs.defer', { id, until, reason })
    return id
  }
  const reading = await deferFor({ why: 'reading' })
  const unread = await deferFor({ why: 'unread', trouble: 'ENOENT' })
  await deferFor({ why: 'cooling', proxies: 2 })
  const late = await enqueue(store, { dueAt: until })
  await enqueue(store, { after: [late] })
  const before = await store.call('jobs.list', {})
  const changes = (await changedSince(store, 0)).seq
  await store.call('jobs.release', {})
  const after = await store.call('jobs.list', {})
  const untouched = (id: number) => id !== reading && id !== unread
  t.strictSame(
    after.filter(({ id }) => untouched(id)),
    before.filter(({ id }) => untouched(id)),
  )
  t.strictSame((await changedSince(store, changes)).ids, [reading, unread])
  for (const id of [reading, unread]) {
    t.match(await store.call('jobs.waits', { id }), { reason: null })
    t.match(await store.call('jobs.claim', { id }), { id, attempt: 1 })
  }
})

t.test('a job that waits for something else no longer waits for a proxy', async t => {
  const { store } = await timedStore(t)
  const first = await runningJob(store)
  const second = await runningJob(store)
  const id = await enqueue(store, { after: [first, second] })
  const reason = { why: 'full', proxies: 2 } as const
  const defer = async () => {
    await store.call('jobs.defer', { id, until: 1, reason })
    t.match(await store.call('jobs.waits', { id }), { reason })
  }
  await defer()
  await store.call('jobs.finish', { id: first, attempt: 1, state: 'succeeded' })
  t.match(await store.call('jobs.waits', { id }), {
    reason: { why: 'jobs', jobs: [second], more: 0 },
  })
  await defer()
  await store.call('jobs.cancel', { id })
  t.match(await store.call('jobs.waits', { id }), { reason: null })

  const user = await runningJob(store)
  const refused = await runningJob(store)
  await store.call('jobs.finish', { id: refused, attempt: 1, state: 'interrupted' })
  await store.call('jobs.defer', { id: refused, until: 1, reason })
  t.not(await store.call('jobs.claim', { id: refused }), null)
  const lease = { site: 'street', account: 'anna', attempt: 1, sole: true }
  await store.call('sessions.acquire', { ...lease, workerId: 'w1', jobId: user })
  await store.call('sessions.acquire', { ...lease, attempt: 2, workerId: 'w2', jobId: refused })
  await store.call('jobs.finish', { id: refused, attempt: 2, state: 'interrupted' })
  t.match(await store.call('jobs.waits', { id: refused }), {
    reason: { why: 'account', jobId: user },
  })
})
