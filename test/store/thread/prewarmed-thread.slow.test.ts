import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import t from 'tap'
import { prewarmThread } from '../../../lib/store/thread/prewarmed-thread.ts'
import { OWN_THREAD, newProject, openTestStore } from '../../helpers/store/project.ts'

/** Number of threads that this process has started. */
let started = 0
process.on('worker', () => (started += 1))

async function preparedThread(): Promise<Worker> {
  started = 0
  const told: Promise<unknown[]> = once(process, 'worker')
  prewarmThread()
  const [thread] = await told
  if (thread instanceof Worker) return thread
  throw new Error('Node told of something else than a thread')
}

t.test('an owner uses the prewarmed thread, and the next owner its own', async t => {
  await preparedThread()
  prewarmThread()
  const owner = await openTestStore(t, newProject(), 'scheduler', OWN_THREAD)
  t.same(await owner.call('counters.increment', { name: 'n' }), { value: 1 })
  t.equal(started, 1)
  await openTestStore(t, newProject(), 'scheduler', OWN_THREAD)
  t.equal(started, 2)
})

t.test('a scheduler that becomes a client discards the prewarmed thread', async t => {
  const paths = newProject()
  await openTestStore(t, paths, 'scheduler', OWN_THREAD)
  const ended = once(await preparedThread(), 'exit')
  t.equal((await openTestStore(t, paths, 'scheduler', OWN_THREAD)).role, 'client')
  await ended
  t.equal(started, 1)
})

t.test('does not use a prewarmed thread that has died', async t => {
  await (await preparedThread()).terminate()
  const owner = await openTestStore(t, newProject(), 'scheduler', OWN_THREAD)
  t.same(await owner.call('counters.increment', { name: 'n' }), { value: 1 })
  t.equal(started, 2)
})

t.test('a transient owner starts no thread, and ends like one with a thread', async t => {
  started = 0
  const paths = newProject()
  const owner = await openTestStore(t, paths, 'transient')
  t.same(await owner.call('counters.increment', { name: 'n' }), { value: 1 })
  const client = await openTestStore(t, paths, 'client')
  t.same(await client.call('counters.increment', { name: 'n' }), { value: 2 }, 'it serves clients')
  await owner.close()
  t.same(await owner.closed, { reason: 'closed' })
  t.match(await client.closed, { reason: 'owner-gone' })
  writeFileSync(paths.database, 'no database'.repeat(100))
  await t.rejects(openTestStore(t, paths, 'transient'), { code: 'store-damaged' })
  t.equal(started, 0)
  await openTestStore(t, newProject(), 'transient', { lock: 'lockfile' })
  t.equal(started, 1, 'the lock folder is renewed while the store works')
})

t.test('a transient owner works after the folder of an earlier one was removed', async t => {
  const before = newProject()
  const first = await openTestStore(t, before, 'transient')
  await first.close()
  rmSync(before.root, { recursive: true })
  const owner = await openTestStore(t, newProject(), 'transient')
  t.same(await owner.call('counters.increment', { name: 'n' }), { value: 1 })
})
