import t from 'tap'
import { finishCompleted } from '../../../../lib/control/machine/recovery/recover.ts'
import type { Outcome } from '../../../../lib/model/job/outcome.ts'
import { FileDatabase } from '../../../../lib/store/engine/database.ts'
import { enqueue, runningJob, timedStore } from '../../../helpers/store/job-store.ts'
import { RecordingLog } from '../../../helpers/recording-log.ts'
import { nestedText } from '../../../helpers/builders/nested-json.ts'
import { newProject, openTestStore } from '../../../helpers/store/project.ts'

const DIED: Outcome = {
  status: 'crashed',
  error: { name: 'E', code: 'worker-exit', message: 'died', stack: '', facts: {} },
  phase: null,
  exitCode: null,
  signal: 'SIGKILL',
}
const succeeded = (result: number): Outcome => ({ status: 'succeeded', result })

/** Makes a running job of two workers without its scheduler. `quorum` is the value at the claim. */
async function left(t: Parameters<typeof timedStore>[0], quorum?: number) {
  const { store } = await timedStore(t)
  const log = new RecordingLog()
  const id = await enqueue(store, { workers: 2 })
  await store.call('jobs.claim', { id, quorum })
  const ended = (member: number, outcome: Outcome, attempt = 1) =>
    store.call('members.record', {
      ...{ workerId: `w${attempt}${member}`, jobId: id, attempt, member, members: 2 },
      ...{ endedAt: 5, outcome, history: [] },
    })
  const offer = (result: number, targetMet: boolean) =>
    store.call('offers.submit', {
      ...{ jobId: id, attempt: 1, member: 1, workerId: 'w11', seenVersion: 0, result, targetMet },
    })
  const state = async () => {
    await finishCompleted(store, log)
    const job = await store.call('jobs.read', { id })
    return [job?.state, job?.result]
  }
  return { store, id, log, ended, offer, state }
}

t.test('does not run a job again if all its workers had succeeded', async t => {
  const { ended, state, log, id } = await left(t)
  await ended(1, succeeded(5))
  t.strictSame(await state(), ['running', null], 'the other worker had not succeeded')
  await ended(2, succeeded(6))
  t.strictSame(await state(), ['succeeded', 5])
  t.match(log.lines, [`Job ${id} (fixture) had succeeded when the last scheduler ended.`])
})

t.test('the best offer is the result', async t => {
  const { ended, offer, state } = await left(t)
  await offer(4, false)
  await ended(1, succeeded(5))
  await ended(2, succeeded(6))
  t.strictSame(await state(), ['succeeded', 4])
})

t.test('a result that meets the target ends the job, however its workers ended', async t => {
  const { ended, offer, state, store, id } = await left(t)
  await offer(4, true)
  await ended(1, DIED)
  await store.call('jobs.cancel', { id })
  t.strictSame(await state(), ['succeeded', 4])
})

t.test(
  'leaves a job to the queue after a death, a cancel request or successes of another attempt',
  async t => {
    const { ended, state, store, id } = await left(t)
    await ended(1, succeeded(5))
    await ended(2, DIED)
    t.strictSame(await state(), ['running', null])
    const other = await left(t)
    await other.ended(1, succeeded(5), 2)
    await other.ended(2, succeeded(6), 2)
    t.strictSame(await other.state(), ['running', null])
    await other.ended(1, succeeded(5))
    await other.ended(2, succeeded(6))
    await other.store.call('jobs.cancel', { id: other.id })
    t.strictSame(await other.state(), ['running', null])
    t.match(await store.call('jobs.read', { id }), { state: 'running' })
  },
)

t.test('a quorum of successes is enough when all workers have ended', async t => {
  const { ended, state } = await left(t, 1)
  await ended(2, succeeded(6))
  t.strictSame(await state(), ['running', null], 'the other worker may still have succeeded')
  await ended(1, DIED)
  t.strictSame(await state(), ['succeeded', 6])

  const all = await left(t, 2)
  await all.ended(1, DIED)
  await all.ended(2, succeeded(6))
  t.strictSame(await all.state(), ['running', null])

  const none = await left(t, 1)
  await none.ended(1, DIED)
  await none.ended(2, DIED)
  t.strictSame(await none.state(), ['running', null], 'a failure is left to the queue')

  const unwanted = await left(t, 1)
  await unwanted.ended(1, DIED)
  await unwanted.ended(2, succeeded(6))
  await unwanted.store.call('jobs.cancel', { id: unwanted.id })
  t.strictSame(await unwanted.state(), ['running', null])
})

t.test('a job at its deadline ends with the best offer; a shutdown leaves it to the queue', async t => {
  const late = await left(t, 2)
  await late.offer(4, false)
  await late.ended(1, { status: 'cancelled', reason: 'deadline', phase: null })
  await late.ended(2, DIED)
  t.strictSame(await late.state(), ['succeeded', 4])

  const stopped = await left(t, 1)
  await stopped.ended(1, { status: 'cancelled', reason: 'shutdown', phase: null })
  await stopped.ended(2, succeeded(6))
  t.strictSame(await stopped.state(), ['running', null])
})

t.test('the quorum is that of the last claim', async t => {
  const { store, id } = await left(t, 1)
  t.strictSame(await store.call('jobs.quorum', { id }), { quorum: 1 })
  await store.call('jobs.recover', {})
  await store.call('jobs.claim', { id })
  t.strictSame(await store.call('jobs.quorum', { id }), { quorum: null })
  t.strictSame(await store.call('jobs.quorum', { id: 99 }), { quorum: null })
})

t.test('fails a job if an older version stored a result nested too deep', async t => {
  const paths = newProject()
  const earlier = await openTestStore(t, paths, 'scheduler')
  const id = await runningJob(earlier)
  await earlier.close()
  const db = await FileDatabase.open(paths.database)
  db.run(
    `INSERT INTO offers (job_id, attempt, version, result, target_met, member, worker_id, offered_at)
     VALUES ($id, 1, 1, $result, 1, 1, 'w11', 1)`,
    { id, result: nestedText(1_800) },
  )
  db.close()
  const store = await openTestStore(t, paths, 'scheduler')
  const log = new RecordingLog()
  await finishCompleted(store, log)
  t.match(await store.call('jobs.read', { id }), { state: 'failed', error: { code: 'document-invalid' } })
  t.match(log.lines, [/"result": is nested more than 200 levels deep/])
  t.match(await store.call('crashes.list', {}), [{ jobId: id, attempt: 1, errorCode: 'document-invalid' }])
})
