import t from 'tap'
import { MAX_DEPENDENCIES } from '../../../../lib/model/job/job.ts'
import { ScheduleRequest } from '../../../../lib/model/schedule/schedule-request.ts'
import type { Schedule } from '../../../../lib/model/schedule/schedule.ts'
import type { Store } from '../../../../lib/store/store.ts'
import { errorRecord } from '../../../helpers/builders/error-record.ts'
import { timedStore } from '../../../helpers/store/job-store.ts'

const FROM = { workers: 2, retries: 3 }

const spec = (change: Partial<ScheduleRequest> = {}) =>
  ScheduleRequest.parse({ name: 'nightly', workflow: 'fixture', every: '1h', input: { a: 1 }, ...change })

async function scheduled(t: Parameters<typeof timedStore>[0], change: Partial<ScheduleRequest> = {}) {
  const { store, clock } = await timedStore(t)
  const made = await store.call('schedules.put', { schedule: spec(change) })
  const read = async (name = 'nightly'): Promise<Schedule> => {
    const found = (await store.call('schedules.list', {})).find(one => one.name === name)
    if (found === undefined) throw new Error(`no schedule ${name}`)
    return found
  }
  /** Settles the n-th due time of the present schedule. */
  const settle = async (n: number, verdict: Verdict = { run: FROM }) => {
    const { name, revision, consideredAt, startsAt } = await read()
    const dueAt = startsAt + n * 3_600_000
    return store.call('schedules.settle', { name, revision, consideredAt, dueAt, missed: 0, verdict })
  }
  const job = async (id: number | null | undefined) => store.call('jobs.read', { id: id ?? 0 })
  return { store, clock, made, read, settle, job }
}
type Verdict = { readonly run: typeof FROM } | { readonly miss: 'late' }

const finish = async (store: Store, id: number, state: 'succeeded' | 'failed' = 'succeeded') => {
  const claimed = await store.call('jobs.claim', { id })
  await store.call('jobs.finish', { id, attempt: claimed?.attempt ?? 0, state })
}

t.test('a due time queues one job and is marked as considered in the same transaction', async t => {
  const { store, made, read, settle, job } = await scheduled(t)
  t.match(made, {
    name: 'nightly',
    source: 'operator',
    paused: false,
    startsAt: 1_000,
    consideredAt: 1_000,
    last: null,
  })
  const before = { name: 'nightly', revision: made.revision, consideredAt: made.consideredAt }
  const run = await settle(1)
  t.match(run, { outcome: 'fired', reason: null, jobId: 1, dueAt: 3_601_000 })
  t.match(await job(1), {
    ...{ workflow: 'fixture', input: { a: 1 }, workers: 2, retries: 3, state: 'queued' },
    origin: 'schedule:nightly',
    uniqueKey: 'schedule:nightly:3601000',
  })
  const again = { ...before, dueAt: 3_601_000, missed: 0, verdict: { run: FROM } }
  t.equal(
    await store.call('schedules.settle', again),
    null,
    'a decision on an outdated schedule does nothing',
  )
  t.match(await read(), { consideredAt: 3_601_000, last: { jobId: 1, jobState: 'queued' } })
  t.equal((await store.call('jobs.counts', {})).queued, 1)
})

t.test('records a missed run, and queues nothing', async t => {
  const { store, settle, read } = await scheduled(t)
  t.match(await settle(2, { miss: 'late' }), { outcome: 'missed', reason: 'late', jobId: null })
  t.equal((await read()).consideredAt, 7_201_000)
  t.equal((await store.call('jobs.counts', {})).queued, 0)
})

t.test('overlap skip: queues nothing until the last job has ended', async t => {
  const { store, settle } = await scheduled(t)
  await settle(1)
  t.match(await settle(2), { outcome: 'skipped', reason: 'waiting', jobId: 1 })
  const claimed = await store.call('jobs.claim', { id: 1 })
  t.match(await settle(3), { outcome: 'skipped', reason: 'running', jobId: 1 })
  await store.call('jobs.finish', { id: 1, attempt: claimed?.attempt ?? 0, state: 'failed' })
  t.match(await settle(4), { outcome: 'fired', jobId: 2 })
})

t.test('overlap queue: only one job waits behind the running one', async t => {
  const { store, settle, job } = await scheduled(t, { overlap: 'queue' })
  await settle(1)
  await store.call('jobs.claim', { id: 1 })
  t.match(await settle(2), { outcome: 'fired', jobId: 2 })
  t.match(await job(2), { after: [1], afterFailure: 'run' })
  t.match(await settle(3), { outcome: 'skipped', reason: 'waiting', jobId: 2 })
  t.equal(await store.call('jobs.claim', { id: 2 }), null, 'not while the first job runs')
  await store.call('jobs.finish', { id: 1, attempt: 1, state: 'failed' })
  t.match(await store.call('jobs.claim', { id: 2 }), { id: 2 }, 'after the first job, whatever its end')
})

t.test('overlap replace: the new job replaces the old one, and waits for its end', async t => {
  const { store, settle, job } = await scheduled(t, { overlap: 'replace' })
  await settle(1)
  t.match(await settle(2), { outcome: 'fired', jobId: 2 })
  t.match(await job(1), { state: 'cancelled' })
  await store.call('jobs.claim', { id: 2 })
  t.match(await settle(3), { outcome: 'fired', jobId: 3 })
  t.match(await job(2), { state: 'running', cancelRequestedAt: 1_000 })
  t.equal(await store.call('jobs.claim', { id: 3 }), null)
  await store.call('jobs.finish', { id: 2, attempt: 1, state: 'cancelled' })
  t.match(await store.call('jobs.claim', { id: 3 }), { id: 3 })
})

t.test('overlap replace: replaces more open jobs than a job can have as dependencies', async t => {
  const { store, settle, job } = await scheduled(t, { overlap: 'replace' })
  const many = MAX_DEPENDENCIES + 2
  for (let due = 1; due <= many; due++) {
    await settle(due)
    await finish(store, due, 'failed')
  }
  await store.call('jobs.retry-dead', {})
  t.match(await store.call('jobs.claim', { id: 1 }), { id: 1 })
  t.match(await settle(many + 1), { outcome: 'fired', jobId: many + 1 })
  t.match(await store.call('jobs.counts', {}), { running: 1, queued: 1, cancelled: many - 1 })
  t.match(await job(many + 1), { after: [1] }, 'only the running job must end first')
  t.match(await store.call('schedules.run', { name: 'nightly', from: FROM }), { outcome: 'fired' })
})

t.test('jobs of one schedule that are queued again run one by one, and not next to a new one', async t => {
  const { store, settle } = await scheduled(t)
  const claim = async (id: number) => (await store.call('jobs.claim', { id })) !== null
  for (const due of [1, 2, 3]) {
    const { jobId } = (await settle(due)) ?? {}
    t.equal(jobId, due)
    t.ok(await claim(due))
    await store.call('jobs.finish', {
      id: due,
      attempt: 1,
      state: 'failed',
      error: errorRecord('mended soon'),
    })
  }
  t.match(await settle(4), { outcome: 'fired', jobId: 4 })
  t.ok(await claim(4))
  t.match(await store.call('jobs.retry-dead', {}), { queued: [1, 2, 3] })
  t.strictSame(await store.call('jobs.claimable', { limit: 10 }), [])
  t.equal(await claim(1), false)
  t.match(await store.call('jobs.waits', { id: 1 }), { after: [{ id: 4, state: 'running' }] })
  await store.call('jobs.finish', { id: 4, attempt: 1, state: 'succeeded', result: 1 })
  t.ok(await claim(1))
  t.equal(await claim(2), false)
  t.match((await store.call('jobs.waits', { id: 2 })).after, [{ id: 1 }])
})

t.test('a parked job does not block its schedule, because it may wait for a person forever', async t => {
  const { store, settle, job } = await scheduled(t)
  await settle(1)
  for (let deaths = 0; deaths < 3; deaths++) {
    await store.call('jobs.claim', { id: 1 })
    await store.call('jobs.recover', {})
  }
  t.match(await job(1), { state: 'parked' })
  t.match(await settle(2), { outcome: 'fired', jobId: 2 })
})

t.test('a pause cancels a job that was queued but not claimed, and nothing falls due', async t => {
  const { store, clock, read, settle, job } = await scheduled(t)
  await settle(1)
  const { revision, consideredAt } = await read()
  t.strictSame(await store.call('schedules.pause', { name: 'nightly', paused: true }), { cancelled: [1] })
  t.match(await job(1), { state: 'cancelled' })
  t.equal(await store.call('jobs.claim', { id: 1 }), null)
  const decided = {
    name: 'nightly',
    revision,
    consideredAt,
    dueAt: 7_201_000,
    missed: 0,
    verdict: { run: FROM },
  }
  t.equal(
    await store.call('schedules.settle', decided),
    null,
    'a decision from before the pause is not performed',
  )
  clock.advance(10 * 3_600_000)
  await store.call('schedules.pause', { name: 'nightly', paused: false })
  t.equal((await read()).consideredAt, clock.now(), 'due times during the pause are no missed runs')
  await finish(store, (await settle(11))?.jobId ?? 0)
})

t.test('run now queues a job even during a pause, and never next to another', async t => {
  const { store, settle, job } = await scheduled(t)
  const run = () => store.call('schedules.run', { name: 'nightly', from: FROM })
  await settle(1)
  await store.call('schedules.pause', { name: 'nightly', paused: true })
  t.match(await run(), { outcome: 'fired', dueAt: null, jobId: 2 })
  await store.call('jobs.claim', { id: 2 })
  t.match(await run(), { outcome: 'fired', jobId: 3 })
  t.match(await job(3), { after: [2] })
  t.match(await run(), { outcome: 'skipped', reason: 'waiting', jobId: 3 })
  await t.rejects(store.call('schedules.run', { name: 'absent', from: FROM }), { code: 'schedule-missing' })
})

t.test('a changed schedule counts from the change if its times differ', async t => {
  const { store, clock, read, settle } = await scheduled(t)
  await settle(1)
  const put = (change: Partial<ScheduleRequest>, replace = true) =>
    store.call('schedules.put', { schedule: spec(change), replace })
  clock.advance(5_000)
  await t.rejects(put({}, false), {
    code: 'usage',
    message: /A schedule "nightly" already exists.*--replace/,
  })
  t.match(await put({ priority: 5 }), { revision: 1, priority: 5, startsAt: 1_000, consideredAt: 3_601_000 })
  t.match(await put({ priority: 5 }), { revision: 1 }, 'the same schedule changes nothing')
  t.match(await put({ every: '2h' }), { revision: 2, startsAt: 6_000, consideredAt: 6_000 })
  await store.call('schedules.remove', { name: 'nightly' })
  await t.rejects(read(), /no schedule/)
  t.strictSame(await store.call('schedules.runs', { limit: 10 }), [])
})

t.test('schedules of the configuration follow it, and can be changed only there', async t => {
  const { store, read, clock } = await scheduled(t)
  const said = (schedules: ScheduleRequest[]) => schedules.map(one => ScheduleRequest.parse(one))
  const declare = (...schedules: ScheduleRequest[]) =>
    store.call('schedules.declare', { schedules: said(schedules), removeOthers: true })
  const hourly = { name: 'hourly', workflow: 'fixture', cron: '0 * * * *' }
  t.strictSame(await declare(hourly, { ...hourly, name: 'nightly' }), { refused: ['nightly'] })
  t.match(
    await read(),
    { source: 'operator', timing: { kind: 'every' } },
    "the operator's own schedule stays",
  )
  t.match(await read('hourly'), { source: 'config', consideredAt: 1_000 })
  await store.call('schedules.pause', { name: 'hourly', paused: true })
  clock.advance(60_000)
  await declare(hourly)
  t.match(
    await read('hourly'),
    { paused: true, consideredAt: 1_000, revision: 1 },
    'a restart changes nothing',
  )
  await declare({ ...hourly, cron: '5 * * * *' })
  t.match(await read('hourly'), { paused: true, consideredAt: 61_000, timing: { expression: '5 * * * *' } })
  const changes: Promise<unknown>[] = [
    store.call('schedules.remove', { name: 'hourly' }),
    store.call('schedules.put', { schedule: spec({ name: 'hourly' }), replace: true }),
  ]
  for (const change of changes) {
    await t.rejects(change, { code: 'usage', message: /is defined in the project's configuration/ })
  }
  await store.call('schedules.declare', { schedules: [], removeOthers: false })
  t.match(await read('hourly'), { paused: true }, 'a command with another configuration removes no schedule')
  await declare()
  await t.rejects(read('hourly'), /no schedule hourly/)
  t.match(await read(), { name: 'nightly' })
})

t.test('keeps a limited number of runs of a schedule', async t => {
  const { store, settle } = await scheduled(t)
  for (let n = 1; n <= 103; n++) await settle(n, { miss: 'late' })
  const runs = await store.call('schedules.runs', { limit: 1_000, schedule: 'nightly' })
  t.equal(runs.length, 100)
  t.equal(runs[0]?.dueAt, 1_000 + 103 * 3_600_000, 'newest first')
})
