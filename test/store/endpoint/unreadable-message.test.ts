import type { Worker } from 'node:worker_threads'
import t from 'tap'
import { discardPrewarmed } from '../../../lib/store/thread/prewarmed-thread.ts'
import { OWN_THREAD, newProject, openTestStore } from '../../helpers/store/project.ts'

t.test('an unreadable message of the thread ends every call and releases the database', async t => {
  const paths = newProject()
  // The start of a thread that an earlier test prepared would not be visible.
  discardPrewarmed()
  const threads: Worker[] = []
  const note = (thread: Worker) => threads.push(thread)
  process.on('worker', note)
  t.teardown(() => process.off('worker', note))
  const owner = await openTestStore(t, paths, 'scheduler', OWN_THREAD)
  const call = owner.call('counters.increment', { name: 'n' })
  threads[0]?.emit('messageerror', new RangeError('Maximum call stack size exceeded'))
  await t.rejects(call, { code: 'store-closed' })
  const end = await owner.closed
  t.equal(end.reason, 'lost-ownership')
  t.match(end.error?.message, /could not be read: Maximum call stack/)
  const next = await openTestStore(t, paths, 'scheduler', OWN_THREAD)
  t.equal(next.role, 'scheduler')
})
