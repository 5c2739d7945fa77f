import t from 'tap'
import type { Test } from 'tap'
import { z } from 'zod'
import { systemClock } from '../../../lib/core/time/clock.ts'
import { messageOf } from '../../../lib/core/errors/errors.ts'
import { JobState } from '../../../lib/model/job/job.ts'
import type { JobSummary } from '../../../lib/model/job/job.ts'
import { translatorFor } from '../../../lib/locales/translator.ts'
import type { Store } from '../../../lib/store/store.ts'
import { PlainReporter } from '../../../bin/reporter/reporter.ts'
import type { Snapshot } from '../../../lib/app/port/snapshot.ts'
import { readProject } from '../../../lib/app/queries/project-source.ts'
import { RECENT_JOBS } from '../../../lib/app/queries/recent-jobs.ts'
import { richSnapshot } from '../../fixtures/console/snapshot.ts'
import { enqueue, runningJob } from '../../helpers/store/job-store.ts'
import { errorRecord } from '../../helpers/builders/error-record.ts'
import { RecordingLog } from '../../helpers/recording-log.ts'
import { newProject, openTestStore } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'

/** Runs the reporter as JSON lines on a project of its own, which `before` may prepare. */
async function reported(t: Test, before?: (store: Store) => Promise<void>) {
  const paths = newProject()
  const store = await openTestStore(t, paths, 'scheduler')
  await before?.(store)
  const source = readProject(store, paths, systemClock, new RecordingLog(), { followLogs: false })
  t.teardown(() => source.close())
  await source.ready
  const lines: unknown[] = []
  const reporter = new PlainReporter(source, store, {
    words: null,
    write: line => lines.push(JSON.parse(line)),
    unreported: (_job, error) => t.fail(messageOf(error)),
  })
  const jobs = (state: JobState) =>
    lines.flatMap(line => {
      const parsed = JobLine.safeParse(line)
      return parsed.success && parsed.data.state === state ? [parsed.data.job] : []
    })
  return { store, source, reporter, lines, jobs }
}

const JobLine = z.object({ event: z.literal('job'), job: z.int(), state: JobState })

t.test('reports a result that cannot be read, and the results after it', async t => {
  const store = await openTestStore(t, newProject(), 'scheduler')
  const { id } = await store.call('jobs.enqueue', {
    ...{ workflow: 'visits', input: {}, workers: 1, retries: 0, origin: 'test' },
  })
  const [job] = richSnapshot().jobs
  if (job === undefined) throw new Error('the snapshot has no job')
  const ended = (id: number, state: JobSummary['state']): JobSummary => ({ ...job, id, state })
  const jobs = [ended(id, 'succeeded'), ended(2 ** 53, 'succeeded'), ended(7, 'failed')]
  const listeners = new Set<(snapshot: Snapshot) => void>()
  const lines: string[] = []
  const untold: number[] = []
  const reporter = new PlainReporter(
    {
      current: richSnapshot({ jobs: [] }),
      subscribe: listener => (listeners.add(listener), () => listeners.delete(listener)),
    },
    store,
    {
      words: translatorFor('en').words,
      write: line => lines.push(line),
      unreported: job => untold.push(job.id),
    },
  )
  for (const hear of listeners) hear(richSnapshot({ jobs }))
  await reporter.finish(richSnapshot({ jobs }))
  t.same(untold, [2 ** 53], 'the job number is invalid')
  t.match(lines.join('\n'), new RegExp(`#?${id}\\b.*result`, 'i'))
  t.equal(reporter.failed, 1, 'each end counts once')
})

t.test('reports and counts every end, of more jobs than a snapshot lists or a page holds', async t => {
  const { store, source, reporter, lines, jobs } = await reported(t)
  const id = await runningJob(store, { retries: 0 })
  const waiting = await Promise.all(Array.from({ length: 1_100 }, () => enqueue(store, { after: [id] })))
  await source.refresh()
  await store.call('jobs.finish', { id, attempt: 1, state: 'failed', error: errorRecord('bad') })
  await until('a line for each end', () => jobs('cancelled').length >= waiting.length)
  await reporter.finish(await source.refresh())
  t.strictSame(jobs('failed'), [id])
  t.strictSame(jobs('cancelled'), waiting, 'the ends are in order, once each')
  t.equal(reporter.failed, 1)
  reporter.idle(systemClock.now())
  t.match(lines.at(-1), { event: 'idle', ended: waiting.length + 1, failed: 1 })
})

t.test('the last report includes the ends of one commit that no snapshot has reported', async t => {
  const { store, source, reporter, jobs } = await reported(t)
  const id = await runningJob(store, { retries: 0 })
  const waiting = await Promise.all(Array.from({ length: 300 }, () => enqueue(store, { after: [id] })))
  await store.call('jobs.finish', { id, attempt: 1, state: 'failed', error: errorRecord('bad') })
  await reporter.finish(await source.refresh())
  t.strictSame([jobs('failed'), jobs('cancelled')], [[id], waiting])
  t.equal(reporter.failed, 1)
})

t.test('a job that is cancelled, queued again and cancelled again has ended twice', async t => {
  const { store, source, reporter, lines, jobs } = await reported(t)
  const id = await enqueue(store)
  await store.call('jobs.cancel', { id })
  await until('its first end', () => jobs('cancelled').length === 1)
  await store.call('jobs.retry', { id })
  await until('its place in the queue', () => jobs('queued').length > 0)
  await store.call('jobs.cancel', { id })
  await reporter.finish(await source.refresh())
  reporter.idle(systemClock.now())
  t.match(lines.at(-1), { event: 'idle', ended: 2, failed: 0 })
})

t.test('does not report old ends when the rows of newer ones are removed', async t => {
  const { store, source, reporter, lines, jobs } = await reported(t, async store => {
    for (let ended = 0; ended < 2 * RECENT_JOBS; ended++)
      await store.call('jobs.cancel', { id: await enqueue(store) })
  })
  const id = await enqueue(store)
  await store.call('jobs.cancel', { id })
  await until('the new end', () => jobs('cancelled').length > 0)
  for (const { id: known } of source.current.jobs.slice(0, 10))
    await store.call('tables.remove', { table: 'jobs', key: { id: known } })
  const { jobs: listed } = await source.refresh()
  const oldest = listed.at(-1)?.id ?? 0
  await store.call('jobs.retry', { id: oldest })
  await until('its place in the queue', () => jobs('queued').includes(oldest))
  await store.call('jobs.cancel', { id: oldest })
  await reporter.finish(await source.refresh())
  t.strictSame(jobs('cancelled'), [id, oldest])
  reporter.idle(systemClock.now())
  t.match(lines.at(-1), { event: 'idle', ended: 2, failed: 0 })
})
