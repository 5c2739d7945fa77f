import t from 'tap'
import { MAX_PAUSE_MS, MAX_PAUSES } from '../../../lib/model/job/domains.ts'
import type { Store } from '../../../lib/store/store.ts'
import { runningJob, timedStore } from '../../helpers/store/job-store.ts'

const refusal = { domain: 'shop.example', status: 429, retryAfterMs: null, jobId: null }
const pausesIn = async (store: Store) =>
  (await store.call('domains.pauses', {})).map(({ domain, until, streak }) => [domain, until, streak])

t.test('pauses a domain for the time that it asks for, at most an hour', async t => {
  const { store, clock } = await timedStore(t)
  const now = clock.now()
  await store.call('domains.pause', { ...refusal, retryAfterMs: 30_000 })
  await store.call('domains.pause', { ...refusal, domain: 'slow.example', retryAfterMs: 1e9 })
  t.strictSame(await pausesIn(store), [
    ['shop.example', now + 30_000, 1],
    ['slow.example', now + MAX_PAUSE_MS, 1],
  ])
  clock.advance(30_000)
  t.strictSame(await pausesIn(store), [['slow.example', now + MAX_PAUSE_MS, 1]], 'the pause has ended')
})

t.test('pauses without a time grow while each is too short; earlier requests count once', async t => {
  const { store, clock } = await timedStore(t)
  const refuse = async () => (await store.call('domains.pause', refusal)).until - clock.now()
  t.equal(await refuse(), 5_000)
  clock.advance(1_000)
  t.equal(await refuse(), 4_000, 'response to a request from before the pause')
  clock.advance(4_000)
  t.equal(await refuse(), 10_000)
  clock.advance(10_000)
  t.equal(await refuse(), 20_000)
  clock.advance(20_000 + 60_000)
  t.equal(await refuse(), 5_000, 'pauses start over after a minute without a refusal')
})

t.test('a later response prolongs a pause, and never shortens it', async t => {
  const { store, clock } = await timedStore(t)
  const asked = async (retryAfterMs: number) =>
    (await store.call('domains.pause', { ...refusal, retryAfterMs })).until - clock.now()
  t.equal(await asked(30_000), 30_000)
  t.equal(await asked(10_000), 30_000)
  t.equal(await asked(40_000), 40_000)
})

t.test('records the domain that refused a job, so that its next attempt waits too', async t => {
  const { store } = await timedStore(t)
  const jobId = await runningJob(store)
  for (let n = 0; n < 2; n++) await store.call('domains.pause', { ...refusal, jobId })
  t.strictSame((await store.call('jobs.read', { id: jobId }))?.domains, ['shop.example'])
})

t.test('a job causes at most as many pauses as it has recorded domains', async t => {
  const { store } = await timedStore(t)
  const jobId = await runningJob(store)
  const refuse = (domain: string) =>
    store.call('domains.pause', { ...refusal, domain, retryAfterMs: 3_600_000, jobId })
  const invented = Array.from({ length: 5_000 }, (_, n) => refuse(`x${n}.evil.example`))
  const leftOut = (await Promise.all(invented)).filter(one => one.leftOut === 'job-full')
  t.equal(leftOut.length, 4_980)
  t.equal((await store.call('domains.pauses', {})).length, 20)
  t.equal((await store.call('jobs.read', { id: jobId }))?.domains.length, 20)
  t.match(await refuse('x3.evil.example'), { leftOut: null }, 'a pause of a recorded domain stays')
})

t.test('all jobs together cause at most a thousand pauses; more follow after these have ended', async t => {
  const { store, clock } = await timedStore(t)
  const refuse = (domain: string) => store.call('domains.pause', { ...refusal, domain, retryAfterMs: 60_000 })
  await Promise.all(Array.from({ length: 1_200 }, (_, n) => refuse(`x${n}.evil.example`)))
  t.equal((await store.call('domains.pauses', {})).length, MAX_PAUSES)
  t.match(await refuse('shop.example'), { leftOut: 'project-full' })
  clock.advance(60_000)
  t.match(await refuse('shop.example'), { leftOut: null })
})

t.test('a refusal that prolongs a pause by less than a second writes nothing', async t => {
  const { store, clock } = await timedStore(t)
  const refuse = () => store.call('domains.pause', { ...refusal, retryAfterMs: 60_000 })
  const { until } = await refuse()
  const { commits } = await store.call('store.info', {})
  for (let n = 0; n < 9; n += 1) {
    clock.advance(100)
    t.match(await refuse(), { until })
  }
  t.equal((await store.call('store.info', {})).commits, commits)
  clock.advance(100)
  t.match(await refuse(), { until: until + 1_000 })
})
