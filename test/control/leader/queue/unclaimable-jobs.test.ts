import t from 'tap'
import type { Store } from '../../../../lib/store/store.ts'
import { FileDatabase } from '../../../../lib/store/engine/database.ts'
import { FakeClock } from '../../../helpers/fake-clock.ts'
import { enqueue, timedStore } from '../../../helpers/store/job-store.ts'
import { nested, nestedText } from '../../../helpers/builders/nested-json.ts'
import { newProject, openTestStore } from '../../../helpers/store/project.ts'
import { testScheduler } from '../../../helpers/store/test-scheduler.ts'
import { until } from '../../../helpers/until.ts'

const won = { status: 'succeeded', result: 1 } as const

t.test('a job queued by an older version with a value nested too deep fails alone', async t => {
  const paths = newProject()
  const earlier = await openTestStore(t, paths, 'transient', { clock: new FakeClock() })
  const deep = await enqueue(earlier)
  const plain = await enqueue(earlier)
  await earlier.close()
  const db = await FileDatabase.open(paths.database)
  db.run('UPDATE jobs SET input = $input WHERE id = $deep', { input: nestedText(1_800), deep })
  db.close()
  const { store, workers, log, untilState, untilIdle } = await testScheduler(t, { slots: 1 }, paths)
  const worker = await workers.forked(1)
  t.equal(worker.assignment.jobId, plain)
  worker.end(won)
  await untilState(plain, 'succeeded')
  await untilIdle()
  t.match(await store.call('jobs.counts', {}), { failed: 1, succeeded: 1 })
  const [line = ''] = log.lines.filter(one => one.includes(`Job ${deep} failed`))
  t.match(line, /"input": is nested more than 200 levels deep/)
  await t.rejects(store.call('jobs.read', { id: deep }), { code: 'document-invalid', message: /200 levels/ })
})

t.test('a committed claim with a lost reply fails only its own job', async t => {
  const { store, workers, log, untilState, untilIdle } = await testScheduler(t, { slots: 1 })
  const call = store.call.bind(store)
  let lost = 0
  const flaky: Store['call'] = async (name, ...rest) => {
    const output = await call(name, ...rest)
    if (name !== 'jobs.claim' || lost > 0) return output
    lost += 1
    throw new RangeError('Maximum call stack size exceeded')
  }
  Object.assign(store, { call: flaky })
  const first = await enqueue(store)
  const second = await enqueue(store)
  t.match(await untilState(first, 'failed'), { error: { message: 'Maximum call stack size exceeded' } })
  const worker = await workers.forked(1)
  t.equal(worker.assignment.jobId, second)
  worker.end(won)
  await untilState(second, 'succeeded')
  await untilIdle()
  t.equal(log.lines.filter(line => line.includes(`Job ${first} failed, because`)).length, 1)
})

t.test('retries a claim that failed while its job stays queued', async t => {
  const { store, workers, clock, log, job, untilState } = await testScheduler(t)
  const call = store.call.bind(store)
  let full = true
  const flaky: Store['call'] = (name, ...rest) =>
    full && name === 'jobs.claim' ? Promise.reject(new Error('disk full')) : call(name, ...rest)
  Object.assign(store, { call: flaky })
  const id = await enqueue(store)
  await until('the failed turn', () => log.lines.some(line => line.includes('disk full')))
  t.equal((await job(id)).state, 'queued')
  await until('a timer', () => clock.waiting > 0)
  full = false
  clock.advance(1_000)
  const worker = await workers.forked(1)
  worker.end(won)
  await untilState(id, 'succeeded')
})

t.test('the store refuses requests and replies that are nested too deep', async t => {
  const paths = newProject()
  const earlier = await openTestStore(t, paths, 'transient')
  await earlier.close()
  const db = await FileDatabase.open(paths.database)
  db.run(
    "INSERT INTO applied_requests (id, operation, output, applied_at) VALUES ('earlier', 'jobs.enqueue', $output, 1)",
    { output: nestedText(1_800) },
  )
  db.close()
  const { store } = await timedStore(t, paths)
  const client = await openTestStore(t, paths, 'client')
  for (const one of [store, client])
    for (const levels of [201, 900, 1_800, 2_400, 20_000])
      await t.rejects(
        one.call('jobs.enqueue', { ...REQUEST, input: nested(levels) }),
        { code: 'input-invalid', message: /nested more than 200 levels deep/ },
        String(levels),
      )
  await store.call('jobs.enqueue', REQUEST)
  for (const one of [store, client])
    await t.rejects(one.call('jobs.enqueue', REQUEST, { id: 'earlier' }), {
      code: 'document-invalid',
      message: /nested more than 200 levels deep/,
    })
  t.match(await store.call('jobs.counts', {}), { queued: 1 })
})

const REQUEST = { workflow: 'fixture', input: {}, workers: 1, retries: 2, origin: 'cli' } as const
