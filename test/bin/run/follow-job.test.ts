import t from 'tap'
import type { Test } from 'tap'
import { followJob } from '../../../bin/run/follow-job.ts'
import { systemClock } from '../../../lib/core/time/clock.ts'
import { readProject } from '../../../lib/app/queries/project-source.ts'
import type { PlainEvent } from '../../../bin/reporter/plain-event.ts'
import { enqueue, runningJob } from '../../helpers/store/job-store.ts'
import { RecordingLog } from '../../helpers/recording-log.ts'
import { newProject, openTestStore } from '../../helpers/store/project.ts'
import { errorRecord } from '../../helpers/builders/error-record.ts'

/** More jobs than a snapshot lists. */
const MANY = 250

async function opened(t: Test) {
  const paths = newProject()
  const store = await openTestStore(t, paths, 'scheduler')
  const source = readProject(store, paths, systemClock, new RecordingLog(), { followLogs: false })
  t.teardown(() => source.close())
  await source.ready
  const events: PlainEvent[] = []
  const follow = (id: number) =>
    followJob({ store, source }, id, { event: event => events.push(event), snapshot: () => undefined })
  return { store, source, events, follow }
}

t.test('reports the end of a job that ends together with many others', async t => {
  const { store, source, events, follow } = await opened(t)
  const id = await runningJob(store, { retries: 0 })
  await Promise.all(Array.from({ length: MANY }, () => enqueue(store, { after: [id] })))
  await source.refresh()
  const end = follow(id)
  await store.call('jobs.finish', { id, attempt: 1, state: 'failed', error: errorRecord('bad') })
  t.strictSame(await end, { end: 'ended' })
  t.match(events.at(-1), { event: 'job', job: id, state: 'failed', message: 'bad' })
  t.equal(events.filter(event => event.event === 'job' && event.state === 'failed').length, 1)
})

t.test('reports each state of a job once, although many others displaced it from the list', async t => {
  const { store, source, events, follow } = await opened(t)
  const id = await enqueue(store)
  await Promise.all(Array.from({ length: MANY }, () => enqueue(store)))
  await source.refresh()
  const end = follow(id)
  const cancelled = await Promise.all(Array.from({ length: MANY }, () => enqueue(store)))
  await source.refresh()
  for (const other of [id, ...cancelled]) void store.call('jobs.cancel', { id: other })
  t.strictSame(await end, { end: 'ended' })
  t.equal(events.filter(event => event.event === 'job' && event.state === 'cancelled').length, 1)
  t.ok(events.every(event => 'job' in event && event.job === id))
})
