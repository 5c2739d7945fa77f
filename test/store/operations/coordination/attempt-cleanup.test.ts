import t from 'tap'
import type { Store } from '../../../../lib/store/store.ts'
import { MARKS_KEPT_MS } from '../../../../lib/store/operations/coordination/attempt-cleanup.ts'
import { FileDatabase } from '../../../../lib/store/engine/database.ts'
import { newProject, openTestStore } from '../../../helpers/store/project.ts'
import { errorRecord } from '../../../helpers/builders/error-record.ts'
import { runningJob } from '../../../helpers/store/job-store.ts'
import { FakeClock } from '../../../helpers/fake-clock.ts'

const TABLES = ['offers', 'discoveries', 'discovery_askers', 'counter_marks']

const count = async (store: Store, jobId: number, text: string) =>
  (await store.call('counters.increment', { name: 'orders', mark: { jobId, text } })).value

/** Creates a running job whose workers have coordinated in every way. */
async function busyJob(store: Store): Promise<number> {
  const jobId = await runningJob(store)
  const key = { jobId, attempt: 1, key: 'shops' }
  await store.call('discoveries.acquire', { ...key, workerId: 'w1', member: 1, members: 2, leaseMs: 1_000 })
  const offer = { jobId, attempt: 1, member: 1, workerId: 'w1', seenVersion: 0, result: 1, targetMet: false }
  await store.call('offers.submit', offer)
  await count(store, jobId, 'order-1')
  return jobId
}

t.test(
  'removes shared data with its attempt, and keeps counter marks while the job may run again',
  async t => {
    const paths = newProject()
    const clock = new FakeClock()
    const store = await openTestStore(t, paths, 'scheduler', { clock })
    const won = await busyJob(store)
    const lost = await busyJob(store)
    const killed = await busyJob(store)
    t.equal(await count(store, won, 'order-1'), 3, 'each job counts its own mark once')
    await store.call('jobs.finish', { id: won, attempt: 1, state: 'succeeded', result: 1 })
    t.equal(await count(store, won, 'order-1'), 3, 'a late increment counts nothing')
    await store.call('jobs.finish', { id: lost, attempt: 1, state: 'failed', error: errorRecord() })
    await store.call('jobs.recover', {})
    await store.call('jobs.claim', { id: killed })
    t.equal(await count(store, killed, 'order-1'), 3, 'the next attempt does not count again')
    await store.call('jobs.retry', { id: lost })
    await store.call('jobs.claim', { id: lost })
    t.equal(await count(store, lost, 'order-1'), 3, 'a job that a person queued again does not count again')
    await store.call('jobs.finish', { id: lost, attempt: 2, state: 'failed', error: errorRecord() })
    await store.call('jobs.finish', { id: killed, attempt: 2, state: 'succeeded', result: 1 })

    clock.advance(MARKS_KEPT_MS)
    t.strictSame(await store.call('coordination.tidy', {}), { removed: 0 })
    clock.advance(1)
    t.strictSame(await store.call('coordination.tidy', {}), { removed: 1 })
    await store.close()
    const db = await FileDatabase.open(paths.database)
    t.teardown(() => db.close())
    for (const table of TABLES) t.strictSame(db.all(`SELECT * FROM ${table}`), [], table)
  },
)
