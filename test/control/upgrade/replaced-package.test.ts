import t from 'tap'
import { OTHER_BUILD_EXIT } from '../../../lib/core/process/program.ts'
import { enqueue } from '../../helpers/store/job-store.ts'
import { testScheduler } from '../../helpers/store/test-scheduler.ts'
import { until } from '../../helpers/until.ts'

t.test('while another version is installed no job starts, and running jobs end as usual', async t => {
  let isOwn = true
  const { store, workers, scheduler, untilState } = await testScheduler(t, { packageIsOwn: () => isOwn })
  const running = await enqueue(store)
  const worker = await workers.forked(1)
  isOwn = false
  const waiting = await enqueue(store)
  worker.end({ status: 'succeeded', result: 1 })
  await untilState(running, 'succeeded')
  await until('a scheduler at rest', () => scheduler.running === 0)
  t.match(await store.call('jobs.read', { id: waiting }), { state: 'queued', attempt: 0 })
  t.equal(workers.all.length, 1)
  isOwn = true
  scheduler.wake()
  await workers.forked(2)
})

t.test('a worker of another version, or of an incomplete package, does not harm its job', async t => {
  for (const code of [OTHER_BUILD_EXIT, 1]) {
    let isOwn = true
    const { store, workers, untilState } = await testScheduler(t, { packageIsOwn: () => isOwn })
    const id = await enqueue(store)
    const worker = await workers.forked(1)
    isOwn = false
    worker.exit(code)
    t.match(await untilState(id, 'interrupted'), { failures: 0, attempt: 1 }, `exit code ${code}`)
    t.strictSame(await store.call('crashes.list', {}), [])
  }
})

t.test('the workers that began end the job without the one that could not start', async t => {
  let isOwn = true
  const { store, workers, untilState } = await testScheduler(t, { packageIsOwn: () => isOwn })
  const id = await enqueue(store, { workers: 2 })
  await workers.forked(2)
  const [first, second] = workers.all
  isOwn = false
  second?.exit(OTHER_BUILD_EXIT)
  await until('its end to be noticed', () => second?.gone)
  first?.end({ status: 'succeeded', result: 1 })
  t.match(await untilState(id, 'succeeded'), { result: 1, attempt: 1 })
})
