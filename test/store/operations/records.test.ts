import t from 'tap'
import { crash } from '../../helpers/builders/crash.ts'
import { attempts, runningJob, timedStore } from '../../helpers/store/job-store.ts'

t.test('a crash report recorded twice is one report', async t => {
  const { store } = await timedStore(t)
  for (let id = 1; id <= 8; id++) await runningJob(store)
  const document = crash({ at: 5 })
  t.strictSame(await store.call('crashes.record', { file: 'job_7_5.json', document }), {
    status: 'created',
    id: 1,
  })
  t.strictSame(await store.call('crashes.record', { file: 'job_7_5.json', document: crash({ at: 6 }) }), {
    status: 'known',
    id: 1,
  })
  t.match(
    await store.call('crashes.record', {
      file: 'by_another.json',
      document: crash({ writtenBy: 'control' }),
    }),
    { status: 'known', id: 1 },
    'a part has one report, whoever wrote it',
  )
  const sameName = await store.call('crashes.record', {
    file: 'job_7_5.json',
    document: crash({ member: 2 }),
  })
  t.match(sameName, { status: 'created' }, "the file name of another part's older report loses no report")
  const other = await store.call('crashes.record', { file: 'job_8_1.json', document: crash({ jobId: 8 }) })
  t.match(other, { status: 'created' })
  t.match(await store.call('crashes.list', {}), [
    { id: 3, jobId: 8 },
    { id: 2, member: 2 },
    { id: 1, at: 5, message: 'm' },
  ])
  t.match(await store.call('crashes.list', { jobId: 7 }), [{ id: 2 }, { id: 1 }])
  t.equal((await store.call('crashes.list', { limit: 1 })).length, 1)
  const { kind, version, ...rest } = document
  t.strictSame(await store.call('crashes.read', { id: 1 }), {
    ...{ ...rest, id: 1, file: 'job_7_5.json' },
    notifiedBy: { channels: [], sure: true },
  })
  t.equal(await store.call('crashes.read', { id: 99 }), null)
  t.strictSame([kind, version], ['crash', 1])
})

t.test('keeps the first outcome of a worker, separately for each attempt', async t => {
  const { store } = await timedStore(t)
  const jobId = await attempts(store, 2)
  const record = (workerId: string, attempt: number, member: number, result: number) =>
    store.call('members.record', {
      ...{ workerId, jobId, attempt, member, members: 2, endedAt: 9, history: [] },
      outcome: { status: 'succeeded', result },
    })
  await record('w3', 2, 1, 3)
  await record('w2', 1, 2, 2)
  await record('w1', 1, 1, 1)
  await record('w1', 1, 1, 99)
  t.strictSame(
    (await store.call('members.list', { jobId })).map(({ workerId, outcome }) => [workerId, outcome]),
    [1, 2, 3].map(n => [`w${n}`, { status: 'succeeded', result: n }]),
  )
})

t.test("the operator's wish for a service outlives its declaration, and every wish is counted", async t => {
  const { store } = await timedStore(t)
  const read = async () => (await store.call('services.list', {})).find(({ name }) => name === 'janitor')
  const wish = (name: string, said: 'start' | 'stop' | 'restart') =>
    store.call('services.wish', { name, wish: said })
  t.strictSame(await wish('janitor', 'start'), { known: false })
  await store.call('services.declare', { name: 'janitor', desired: 'running' })
  t.match(await read(), { desired: 'running', generation: 0, starts: 0 })
  t.strictSame(await wish('janitor', 'stop'), { known: true })
  await store.call('services.declare', { name: 'janitor', desired: 'running' })
  t.match(await read(), { desired: 'stopped', generation: 0, starts: 0 })
  await wish('janitor', 'start')
  t.match(await read(), { desired: 'running', generation: 0, starts: 1 })
  await wish('janitor', 'restart')
  t.match(await read(), { desired: 'running', generation: 1, starts: 1 })
})
