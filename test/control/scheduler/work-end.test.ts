import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { Facts } from '../../../lib/control/facts.ts'
import { recover } from '../../../lib/control/machine/recovery/recover.ts'
import { StoreWrites } from '../../../lib/control/store-writes.ts'
import { WorkEnd, leftToNext } from '../../../lib/control/scheduler/work-end.ts'
import { AutomateError } from '../../../lib/core/errors/errors.ts'
import type { Outcome } from '../../../lib/model/job/outcome.ts'
import type { Store } from '../../../lib/store/store.ts'
import { errorRecord } from '../../helpers/builders/error-record.ts'
import { enqueue } from '../../helpers/store/job-store.ts'
import { FIXTURE, testScheduler } from '../../helpers/store/test-scheduler.ts'
import { until } from '../../helpers/until.ts'

const won: Outcome = { status: 'succeeded', result: 7 }

const WRITES: readonly string[] = ['jobs.finish', 'members.record', 'store.probe']

const lost: Outcome = { status: 'failed', error: errorRecord('bad'), phase: null }

/**
 * Makes a scheduler with one running job of `members` workers. Its store refuses writes while the
 * test requires it.
 */
async function refusing(t: Parameters<typeof testScheduler>[0], members = 1, quorum = 1) {
  const facts = new Facts()
  const one = await testScheduler(t, { onChange: () => facts.check() })
  const { store, clock, log, paths, scheduler, workers } = one
  const disk = { isRefusing: false }
  const call = store.call.bind(store)
  const flaky: Store['call'] = (name, ...rest) =>
    disk.isRefusing && WRITES.includes(name)
      ? Promise.reject(new AutomateError('store-refused', 'The database reported "disk I/O error".'))
      : call(name, ...rest)
  Object.assign(store, { call: flaky })
  scheduler.setWorkflows({ workflows: [{ ...FIXTURE, swarm: { quorum, deadlineMs: null } }], broken: [] })
  const id = await enqueue(store, { workers: members })
  const worker = await workers.forked(members)
  const writes = new StoreWrites({
    ...{ store, paths, clock, log, random: () => 0, channels: () => [] },
    notify: () => undefined,
    onChange: facts.check,
  })
  const workEnd = new WorkEnd({ scheduler, writes, facts, clock })
  /** Stops all workers as a close does. `untilOver` advances the clock until the end. */
  const close = async () => {
    scheduler.setMode('shutdown')
    let left: number | undefined
    void workEnd.settled().then(count => (left = count))
    return {
      untilOver: () =>
        until('the end', () => {
          facts.check()
          clock.advance(500)
          return left !== undefined
        }).then(() => left),
      isOver: () => left !== undefined,
    }
  }
  /**
   * Stops claiming, and advances the clock until the running jobs have ended or `limitMs` is over.
   */
  const drain = async (limitMs: number) => {
    scheduler.setMode('draining')
    const overAt = clock.monotonic() + limitMs
    let isDrained = false
    void workEnd.drained(() => clock.monotonic() >= overAt).then(() => (isDrained = true))
    await until('the end of the drain', () => {
      facts.check()
      if (!isDrained) clock.advance(500)
      return isDrained
    })
  }
  /** Closes the scheduler, and advances the clock for its last attempts to store. */
  const closeScheduler = async () => {
    let isClosed = false
    void scheduler.close().then(() => (isClosed = true))
    await until('the close', () => {
      clock.advance(500)
      return isClosed
    })
  }
  return { ...one, disk, id, worker, workEnd, close, drain, closeScheduler, facts }
}

t.test(
  'a close waits some seconds for a refusing store, and reports the number of unstored jobs',
  async t => {
    const { disk, worker, close, clock, closeScheduler } = await refusing(t)
    disk.isRefusing = true
    const { untilOver } = await close()
    const since = clock.monotonic()
    worker.end(won)
    t.equal(await untilOver(), 1)
    t.ok(clock.monotonic() - since >= 10_000)
    t.match(leftToNext(1), { code: 'store-refused', message: /the end of 1 job is not stored/ })
    await closeScheduler()
  },
)

t.test(
  'a drain ends some seconds after the last worker if the store refuses, and so does the close',
  async t => {
    const { disk, worker, close, drain, clock, scheduler, closeScheduler } = await refusing(t)
    disk.isRefusing = true
    const since = clock.monotonic()
    worker.end(won)
    await drain(600_000)
    const waitedMs = clock.monotonic() - since
    t.ok(waitedMs >= 10_000, `${waitedMs} ms`)
    t.ok(waitedMs < 300_000, `${waitedMs} ms`)
    t.match(scheduler, { running: 1, working: 0 }, 'no job is interrupted')
    const drainedAt = clock.monotonic()
    const { untilOver } = await close()
    t.equal(await untilOver(), 1)
    t.ok(clock.monotonic() - drainedAt < 5_000, 'the close does not wait again')
    await closeScheduler()
  },
)

t.test('a drain waits for workers also if the store refuses', async t => {
  const { disk, worker, drain, clock, scheduler, untilState, id } = await refusing(t)
  disk.isRefusing = true
  const since = clock.monotonic()
  await drain(120_000)
  t.ok(clock.monotonic() - since >= 120_000)
  t.match(scheduler, { running: 1, working: 1 })
  disk.isRefusing = false
  worker.end(won)
  await until('the end', () => {
    clock.advance(500)
    return scheduler.running === 0
  })
  await untilState(id, 'succeeded')
})

t.test('a second signal ends the wait for the store at once', async t => {
  const { disk, worker, close, workEnd, closeScheduler, facts, clock } = await refusing(t)
  disk.isRefusing = true
  workEnd.leave()
  const { isOver } = await close()
  const since = clock.monotonic()
  worker.end(won)
  await until('the end', () => {
    facts.check()
    return isOver()
  })
  t.equal(clock.monotonic(), since, 'the clock did not advance')
  await closeScheduler()
})

t.test('an end stored after the disk recovered counts as stored', async t => {
  const { disk, worker, close, untilState, id, log } = await refusing(t)
  disk.isRefusing = true
  const { untilOver } = await close()
  worker.end(won)
  await until('the refusal', () => log.lines.some(line => line.includes('could not take its turn')))
  disk.isRefusing = false
  t.equal(await untilOver(), 0)
  t.match(await untilState(id, 'succeeded'), { result: 7 })
})

t.test('the outcome that a worker sent waits in its file for the next scheduler', async t => {
  const { disk, worker, close, closeScheduler, store, paths, log, clock, job, id } = await refusing(t)
  disk.isRefusing = true
  const { untilOver } = await close()
  worker.handOver(won)
  t.equal(await untilOver(), 1)
  await closeScheduler()
  t.ok(existsSync(join(paths.results, `${worker.assignment.workerId}.json`)))
  disk.isRefusing = false
  t.match(await job(id), { state: 'running' })
  await recover(store, { paths, log, packer: { pack: () => undefined } }, [], clock.now())
  t.match(await job(id), { state: 'succeeded', result: 7, attempt: 1 })
})

for (const { quorum, ends } of [
  { quorum: 2, ends: { state: 'succeeded', result: 7, attempt: 1 } },
  { quorum: 3, ends: { state: 'interrupted', attempt: 1 } },
]) {
  t.test(
    `with 2 of 3 successes and a quorum of ${quorum} the next scheduler leaves it ${ends.state}`,
    async t => {
      const left = await refusing(t, 3, quorum)
      const { disk, workers, close, closeScheduler, store, paths, log, clock, job, id } = left
      disk.isRefusing = true
      const { untilOver } = await close()
      for (const [n, worker] of workers.all.entries()) worker.handOver(n === 1 ? lost : won)
      t.equal(await untilOver(), 1)
      await closeScheduler()
      disk.isRefusing = false
      t.match(await job(id), { state: 'running' })
      await recover(store, { paths, log, packer: { pack: () => undefined } }, [], clock.now())
      t.match(await job(id), ends)
    },
  )
}
