import t from 'tap'
import type { MemberRecord } from '../../../../lib/model/job/member-record.ts'
import { FileDatabase } from '../../../../lib/store/engine/database.ts'
import type { Store } from '../../../../lib/store/store.ts'
import { crash } from '../../../helpers/builders/crash.ts'
import { attempts, enqueue, jobIn, timedStore } from '../../../helpers/store/job-store.ts'
import { newProject, openTestStore } from '../../../helpers/store/project.ts'

type Part = Pick<MemberRecord, 'jobId' | 'attempt' | 'attemptStartedAt'>

/**
 * Returns the statuses of the store's replies to an outcome and a crash report of an attempt, each
 * from its own worker.
 */
async function taken(store: Store, part: Part) {
  const workerId = `w${JSON.stringify(part).replaceAll(/[^a-z\d]/g, '')}`
  const outcome = { status: 'succeeded', result: 1 } as const
  const member = { ...part, workerId, member: 1, members: 1, endedAt: 5, outcome, history: [] }
  const ended = await store.call('members.record', member)
  const file = `job_${workerId}.json`
  const report = await store.call('crashes.record', { file, document: crash({ ...part, at: 5 }) })
  return [ended.status, report.status]
}

t.test('refuses outcomes and crash reports of attempts that have not begun in the database', async t => {
  const { store } = await timedStore(t)
  const queued = await enqueue(store)
  const jobId = await attempts(store, 2)
  t.strictSame(await taken(store, { jobId: queued, attempt: 1 }), ['foreign', 'foreign'], 'never claimed')
  t.strictSame(await taken(store, { jobId, attempt: 3 }), ['foreign', 'foreign'], 'a later attempt')
  t.strictSame(await taken(store, { jobId: 99, attempt: 1 }), ['foreign', 'foreign'], 'a later job')
  t.strictSame(await store.call('members.list', { jobId }), [])
  t.strictSame(await store.call('crashes.list', {}), [])

  t.strictSame(await taken(store, { jobId, attempt: 2 }), ['recorded', 'created'], 'the running attempt')
  t.strictSame(await taken(store, { jobId, attempt: 1 }), ['recorded', 'created'], 'an earlier attempt')
})

t.test('an attempt claimed at another time belongs to another database', async t => {
  const { store, clock } = await timedStore(t)
  const jobId = await enqueue(store)
  const job = await store.call('jobs.claim', { id: jobId })
  const attemptStartedAt = job?.attemptStartedAt ?? 0
  t.equal(attemptStartedAt, clock.now())
  const part = { jobId, attempt: 1 }
  t.strictSame(await taken(store, { ...part, attemptStartedAt: attemptStartedAt - 1 }), [
    'foreign',
    'foreign',
  ])
  t.strictSame(await taken(store, { ...part, attemptStartedAt }), ['recorded', 'created'])
  t.match(await store.call('attempts.standing', { ...part, attemptStartedAt: 1 }), { standing: 'foreign' })
})

t.test('keeps a crash report of a removed job, but not its outcome', async t => {
  const { store } = await timedStore(t)
  const jobId = await jobIn(store, 'failed')
  await store.call('tables.remove', { table: 'jobs', key: { id: jobId } })
  t.strictSame(await taken(store, { jobId, attempt: 1 }), ['job-gone', 'created'])
})

t.test('keeps a crash report of a job with an unreadable row', async t => {
  const paths = newProject()
  const first = await openTestStore(t, paths, 'scheduler')
  const jobId = await jobIn(first, 'running')
  await first.close()
  const db = await FileDatabase.open(paths.database)
  db.run("UPDATE jobs SET input = 'no JSON', workflow = '' WHERE id = $jobId", { jobId })
  db.close()
  const store = await openTestStore(t, paths, 'scheduler')
  await t.rejects(store.call('jobs.read', { id: jobId }))
  t.strictSame(await taken(store, { jobId, attempt: 1 }), ['recorded', 'created'])
})
