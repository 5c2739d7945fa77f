import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { REMOVED_GRACE_MS } from '../../../lib/control/leader/queue/missing-workflows.ts'
import { STOP_GRACE_MS } from '../../../lib/control/decide/timeouts.ts'
import { assignmentFile } from '../../../lib/control/machine/workers/worker-process.ts'
import { NO_WORKER } from '../../../lib/model/worker/documents.ts'
import type { Store } from '../../../lib/store/store.ts'
import type { Outcome } from '../../../lib/model/job/outcome.ts'
import { errorRecord } from '../../helpers/builders/error-record.ts'
import { enqueue } from '../../helpers/store/job-store.ts'
import { FIXTURE, testScheduler } from '../../helpers/store/test-scheduler.ts'
import { workerDocument } from '../../helpers/store/scripted-workers.ts'
import { until } from '../../helpers/until.ts'

const won = (result: number): Outcome => ({ status: 'succeeded', result })
const failed: Outcome = { status: 'failed', error: errorRecord('bad'), phase: null }

t.test('a queued job is claimed, forked and settled, and its documents are removed', async t => {
  const { store, workers, untilState, untilIdle, paths, scheduler } = await testScheduler(t)
  await untilIdle()
  const id = await enqueue(store, { workers: 2, input: { shop: 7 } })
  t.equal(scheduler.idle, false, 'a newly queued job is not overlooked')
  const second = await workers.forked(2)
  t.match(second.assignment, { jobId: id, attempt: 1, member: 2, members: 2, input: { shop: 7 } })
  t.equal(scheduler.active, 2)
  workers.all[0]?.end(won(1))
  await until('one worker', () => scheduler.active === 1)
  t.equal(scheduler.running, 1)
  second.end(won(2))
  t.match(await untilState(id, 'succeeded'), { result: 1 })
  await untilIdle()
  t.strictSame([readdirSync(paths.assignments), readdirSync(paths.results)], [[], []])
  t.equal((await store.call('members.list', { jobId: id })).length, 2)
})

t.test('never has more workers than slots, and starts a waiting job when there is room', async t => {
  const { store, workers, scheduler, untilState } = await testScheduler(t, { slots: 2 })
  const first = await enqueue(store, { workers: 9 })
  const second = await enqueue(store)
  await workers.forked(2)
  t.equal(scheduler.active, 2)
  t.match((await store.call('jobs.read', { id: second }))?.state, 'queued')
  workers.all.forEach(worker => worker.end(won(1)))
  await untilState(first, 'succeeded')
  const third = await workers.forked(3)
  t.equal(third.assignment.jobId, second)
  third.end(won(1))
  await untilState(second, 'succeeded')
})

t.test('a cancel stops its worker, kills it if it does not stop, and makes its failure late', async t => {
  const { store, workers, clock, untilState, log } = await testScheduler(t)
  const id = await enqueue(store)
  const worker = await workers.forked(1)
  await store.call('jobs.cancel', { id })
  await until('the stop', () => worker.stops.length > 0)
  await until('a timer', () => clock.waiting > 0)
  clock.advance(STOP_GRACE_MS)
  await until('the kill', () => worker.kills > 0)
  worker.exit(null, 'SIGKILL')
  await untilState(id, 'cancelled')
  t.strictSame(worker.stops, ['cancelled'])
  t.strictSame(await store.call('crashes.list', {}), [])
  t.ok(log.lines.some(line => line.includes('Late report')))
})

t.test('a met target stops the siblings, and their late failures are not reported', async t => {
  const { store, workers, untilState } = await testScheduler(t)
  const id = await enqueue(store, { workers: 4 })
  await workers.forked(4)
  const [winner, ...others] = workers.all
  await store.call('offers.submit', {
    ...{ jobId: id, attempt: 1, member: 1, workerId: winner?.assignment.workerId ?? '' },
    ...{ seenVersion: 0, result: 42, targetMet: true },
  })
  await until('the stops', () => others.every(({ stops }) => stops.length === 1))
  workers.all.forEach(worker => worker.exit(1))
  t.match(await untilState(id, 'succeeded'), { result: 42 })
  t.strictSame(await store.call('crashes.list', {}), [])
})

t.test('records a crash once, and retries the job after its pause', async t => {
  const { store, workers, clock, untilState, paths } = await testScheduler(t)
  const id = await enqueue(store, { retries: 1 })
  const first = await workers.forked(1)
  first.exit(null, 'SIGSEGV')
  t.match(await untilState(id, 'retrying'), { failures: 1, dueAt: clock.now() + 750 })
  t.match(await store.call('crashes.list', {}), [{ jobId: id, workerId: first.assignment.workerId }])
  t.strictSame(readdirSync(paths.crashes), [])
  await until('a timer', () => clock.waiting > 0)
  clock.advance(749)
  t.equal(workers.all.length, 1)
  await until('a timer', () => clock.waiting > 0)
  clock.advance(1)
  const second = await workers.forked(2)
  t.equal(second.assignment.attempt, 2)
  second.end(failed)
  t.match(await untilState(id, 'failed'), { failures: 2, error: { message: 'bad' } })
})

t.test('a job fails with the remedy if its workflow is gone for longer than a deployment takes', async t => {
  const { store, workers, clock, scheduler, untilState } = await testScheduler(t)
  const id = await enqueue(store, { workflow: 'gone' })
  await until('the wait', () => scheduler.missingWorkflows.length > 0)
  clock.advance(REMOVED_GRACE_MS)
  t.match(await untilState(id, 'failed'), {
    error: { code: 'workflow-missing', message: /Put its file back/ },
  })
  t.match(await store.call('crashes.list', { jobId: id }), [
    { jobId: id, attempt: 1, workerId: NO_WORKER, errorCode: 'workflow-missing', frame: null },
  ])
  const { failures } = await store.call('notices.news', {})
  t.match(failures, [{ alarm: 'always', place: { jobId: id, attempt: 1 } }])
  t.equal(workers.all.length, 0)
})

t.test('a job with too many secrets fails with the remedy, and another one runs', async t => {
  const { store, workers, untilState } = await testScheduler(t)
  const tokens = Array.from({ length: 1_001 }, (_, i) => `TCK-2026-${String(i).padStart(6, '0')}`)
  const many = await enqueue(store, { input: { tokens } })
  t.match(await untilState(many, 'failed'), {
    error: {
      code: 'input-invalid',
      message: /contains 1001 secrets.* can have at most 1000.*Divide the work/,
    },
  })
  await enqueue(store, { input: { tokens: tokens.slice(1) } })
  t.equal((await workers.forked(1)).assignment.attempt, 1)
})

t.test('stores a refusal once the disk accepts it', async t => {
  const { store, scheduler, clock, log, job, untilState } = await testScheduler(t)
  const call = store.call.bind(store)
  let full = true
  const flaky: Store['call'] = (name, ...rest) =>
    full && name === 'jobs.finish' ? Promise.reject(new Error('disk full')) : call(name, ...rest)
  Object.assign(store, { call: flaky })
  const id = await enqueue(store, { workflow: 'gone' })
  await until('the wait', () => scheduler.missingWorkflows.length > 0)
  clock.advance(REMOVED_GRACE_MS)
  await until('the failed turn', () => log.lines.some(line => line.includes('disk full')))
  await until('a timer', () => clock.waiting > 0)
  t.equal((await job(id)).state, 'running')
  t.equal(scheduler.running, 1)
  t.equal(scheduler.idle, false)
  full = false
  clock.advance(1_000)
  t.match(await untilState(id, 'failed'), { attempt: 1, error: { code: 'workflow-missing' } })
  await until('the end', () => scheduler.running === 0)
})

t.test('a failed fork costs no attempt, and jobs start by themselves when forks succeed', async t => {
  const notices: string[] = []
  const { store, workers, clock, log, scheduler, apply, job, untilState } = await testScheduler(t, {
    onForksFail: reason => notices.push(reason),
  })
  const path = join('data', 'assignments', 'w1.launch.json')
  apply({
    launchWorker: () => {
      throw Object.assign(new Error('EMFILE: too many open files'), {
        code: 'EMFILE',
        syscall: 'open',
        path,
      })
    },
  })
  const first = await enqueue(store, { retries: 0, workers: 2 })
  const second = await enqueue(store, { retries: 0 })
  await untilState(first, 'interrupted')
  await until('the claims to rest', () => scheduler.running === 0)
  t.match(await job(second), { failures: 0 })
  const claims = (await job(first)).attempt + (await job(second)).attempt
  const retry = async () => {
    await until('a timer', () => clock.waiting > 0)
    clock.advance(30_000)
  }
  await retry()
  await retry()
  t.match(await job(first), { state: 'interrupted', failures: 0 })
  t.equal((await job(first)).attempt + (await job(second)).attempt, claims, 'no job is used to try')
  t.strictSame(await store.call('crashes.list', {}), [])
  t.equal(notices.length, 1)
  t.match(notices[0], /EMFILE in data.assignments\. .*raise the limit of open files/)
  t.match(scheduler.forkTrouble, notices[0])
  t.equal(log.lines.filter(line => line.includes('No worker process can be started')).length, 1)

  apply({ launchWorker: workers.launch })
  await retry()
  for (const id of [first, second]) {
    const member = () => workers.all.filter(worker => worker.given?.jobId === id && !worker.gone)
    await until(`the workers of job ${id}`, () => member().length === (id === first ? 2 : 1))
    for (const worker of member()) worker.end(won(1))
    t.match(await untilState(id, 'succeeded'), { failures: 0 })
  }
  t.equal(scheduler.forkTrouble, undefined)
})

t.test('an assignment that cannot be written costs no attempt', async t => {
  const { store, workers, paths, clock, log, apply, untilState } = await testScheduler(t)
  apply({
    launchWorker: launch => {
      mkdirSync(assignmentFile(paths, launch.workerId))
      return workers.launch(launch)
    },
  })
  const id = await enqueue(store, { retries: 0 })
  await until('the worker to be killed', () => workers.all[0]?.kills === 1)
  apply({ launchWorker: workers.launch })
  workers.all[0]?.exit(null, 'SIGKILL')
  t.match(await untilState(id, 'interrupted'), { failures: 0 })
  t.ok(log.lines.some(line => line.includes('No worker process can be started')))
  await until('the next try', () => clock.waiting > 0)
  clock.advance(30_000)
  const taker = await until('a worker for the job', () =>
    workers.all.find(worker => worker.given?.jobId === id),
  )
  taker.end(won(1))
  await untilState(id, 'succeeded')
  t.strictSame(await store.call('crashes.list', {}), [])
})

t.test('retries a failed turn', async t => {
  let broken = false
  const { store, scheduler, workers, clock, log, untilState } = await testScheduler(t)
  const call = store.call.bind(store)
  const flaky: Store['call'] = (name, ...rest) =>
    broken && name === 'jobs.claim' ? Promise.reject(new Error('disk full')) : call(name, ...rest)
  Object.assign(store, { call: flaky })
  broken = true
  const id = await enqueue(store)
  await until('the failed turn', () => log.lines.some(line => line.includes('disk full')))
  t.equal(scheduler.idle, false)
  // A change of the queue during the failed turn starts a second turn at once, which fails too.
  await until('no claim to be under way', () => scheduler.running === 0)
  broken = false
  await until('a timer', () => clock.waiting > 0)
  clock.advance(1_000)
  ;(await workers.forked(1)).end(won(1))
  await untilState(id, 'succeeded')
})

t.test('a job whose end can never be stored has failed, and blocks nothing', async t => {
  const { store, workers, scheduler, untilState } = await testScheduler(t, { random: () => Number.NaN })
  const id = await enqueue(store)
  ;(await workers.forked(1)).end(failed)
  const { error } = await untilState(id, 'failed')
  t.match(error, { code: 'bug', message: /\(retrying\) could not be stored: .*dueAt/ })
  await until('the end', () => scheduler.running === 0)
})

t.test('draining lets running jobs end, claims nothing, and cannot be cancelled', async t => {
  const { store, workers, scheduler, untilState } = await testScheduler(t)
  const first = await enqueue(store)
  const worker = await workers.forked(1)
  scheduler.setMode('draining')
  scheduler.setMode('scheduling')
  const second = await enqueue(store)
  worker.end(won(1))
  await untilState(first, 'succeeded')
  await until('the end', () => scheduler.running === 0)
  t.strictSame(worker.stops, [])
  t.equal((await store.call('jobs.read', { id: second }))?.state, 'queued')
  t.equal(scheduler.idle, false)
})

t.test('a shutdown interrupts running jobs, which can be claimed again', async t => {
  const { store, workers, scheduler, untilState } = await testScheduler(t)
  const id = await enqueue(store)
  const worker = await workers.forked(1)
  scheduler.setMode('shutdown')
  await until('the stop', () => worker.stops.length === 1)
  worker.end({ status: 'cancelled', reason: 'shutdown', phase: null })
  t.match(await untilState(id, 'interrupted'), { failures: 0, schedulerDeaths: 0 })
  t.match(await store.call('jobs.claim', { id }), { attempt: 2 })
})

t.test('a shutdown during a claim leaves neither a worker nor a running job', async t => {
  const { store, workers, scheduler, untilState } = await testScheduler(t)
  const call = store.call.bind(store)
  const gated: Store['call'] = async (name, ...rest) => {
    const answer = await call(name, ...rest)
    if (name === 'jobs.claim') {
      t.equal(scheduler.running, 1, 'a job being claimed counts as running')
      t.equal(scheduler.idle, false)
      scheduler.setMode('shutdown')
    }
    return answer
  }
  Object.assign(store, { call: gated })
  const id = await enqueue(store)
  await untilState(id, 'interrupted')
  await until('the end', () => scheduler.running === 0)
  t.equal(workers.all.length, 0)
})

t.test('the watchdog kills a worker that does not respond, and the job times out', async t => {
  const { store, workers, scheduler, clock, untilState } = await testScheduler(t)
  const id = await enqueue(store, { retries: 0 })
  const worker = await workers.forked(1)
  const phase = { index: 1, count: 2, name: 'only', step: 'button', startedAt: 1_000, deadlineAt: 2_000 }
  scheduler.onWorkerState(workerDocument(worker.assignment, { phase }))
  await until('a timer', () => clock.waiting > 0)
  await until('the kill', () => {
    clock.advance(10_000)
    return worker.kills > 0
  })
  worker.exit(null, 'SIGKILL')
  t.match(await untilState(id, 'failed'), { error: { code: 'phase-timeout', message: /did not respond/ } })
})

t.test("a scheduler that stood still reads its worker's state before it kills", async t => {
  let rests = 0
  const { store, workers, scheduler, clock, untilState } = await testScheduler(t, { onChange: () => rests++ })
  const id = await enqueue(store, { retries: 0 })
  const worker = await workers.forked(1)
  const phase = { index: 1, count: 1, name: 'only', step: '', startedAt: 1_000, deadlineAt: 2_000 }
  scheduler.onWorkerState(workerDocument(worker.assignment, { phase }))
  await until('a timer', () => clock.waiting > 0)
  const turnsBefore = rests
  clock.advance(60_000)
  await until('its next turn', () => rests > turnsBefore)
  t.equal(worker.kills, 0)
  worker.end(won(1))
  t.match(await untilState(id, 'succeeded'), { failures: 0, result: 1 })
})

t.test('a worker on a full disk may wait with its result as long as needed', async t => {
  const { store, workers, scheduler, clock, untilState } = await testScheduler(t)
  const id = await enqueue(store, { retries: 0 })
  const worker = await workers.forked(1)
  const phase = { index: 1, count: 1, name: 'only', step: '', startedAt: 1_000, deadlineAt: 2_000 }
  scheduler.onWorkerState(workerDocument(worker.assignment, { phase }))
  await until('a timer', () => clock.waiting > 0)
  scheduler.setDiskLow(true)
  await until('no timer', () => clock.waiting === 0)
  clock.advance(3_600_000)
  scheduler.setDiskLow(false)
  await until('a timer', () => clock.waiting > 0)
  t.equal(worker.kills, 0)
  worker.end(won(1))
  t.match(await untilState(id, 'succeeded'), { failures: 0, result: 1 })
  t.equal(worker.kills, 0)
})

t.test('workers need not respond while the database refuses writes', async t => {
  let takes = false
  let checks = 0
  const takesWrites = () => {
    checks += 1
    return Promise.resolve(takes)
  }
  const { store, workers, scheduler, clock, untilState } = await testScheduler(t, { takesWrites })
  const id = await enqueue(store, { retries: 0 })
  const silent = await enqueue(store, { retries: 0 })
  await workers.forked(2)
  const workerOf = (job: number) => workers.all.find(({ assignment }) => assignment.jobId === job)
  const [waiting, starting] = [workerOf(id), workerOf(silent)]
  if (waiting === undefined || starting === undefined) throw new Error('a job has no worker')
  const phase = { index: 1, count: 1, name: 'only', step: '', startedAt: 1_000, deadlineAt: 2_000 }
  scheduler.onWorkerState(workerDocument(waiting.assignment, { phase }))
  await until('the verdict', () => {
    clock.advance(1_000)
    return waiting.kills > 0 || (checks > 0 && clock.waiting === 0)
  })
  clock.advance(3_600_000)
  t.strictSame([waiting.kills, starting.kills], [0, 0])

  takes = true
  scheduler.setRefusing(false)
  await until('a timer', () => clock.waiting > 0)
  waiting.end(won(1))
  t.match(await untilState(id, 'succeeded'), { failures: 0, result: 1 })
  t.equal(waiting.kills, 0)
  await until('the kill of the one that says nothing', () => {
    clock.advance(10_000)
    return starting.kills > 0
  })
  starting.exit(null, 'SIGKILL')
  await untilState(silent, 'failed')
})

t.test(
  'a suspended machine kills no worker, and setting the clock back does not delay the watchdog',
  async t => {
    let rests = 0
    const { store, workers, scheduler, clock, untilState } = await testScheduler(t, {
      onChange: () => rests++,
    })
    const id = await enqueue(store, { retries: 0 })
    const worker = await workers.forked(1)
    const at = clock.now()
    const phase = { index: 1, count: 1, name: 'only', step: '', startedAt: at, deadlineAt: at + 600_000 }
    const hear = (step: string) => {
      const document = { updatedAt: clock.now(), phase: { ...phase, step } }
      scheduler.onWorkerState(workerDocument(worker.assignment, document))
    }
    hear('before')
    for (const hours of [2, -1]) {
      const turnsBefore = rests
      clock.jump(hours * 3_600_000)
      hear('after')
      await until('the end of its turn', () => rests > turnsBefore)
      t.equal(worker.kills, 0)
    }
    await until('the kill', () => {
      clock.advance(10_000)
      return worker.kills > 0
    })
    t.ok(clock.now() - at < 3_600_000 + 640_000)
    worker.exit(null, 'SIGKILL')
    t.match(await untilState(id, 'failed'), { error: { code: 'phase-timeout' } })
  },
)

t.test('kills a worker that hangs outside of its phases too', async t => {
  const { store, workers, scheduler, clock } = await testScheduler(t)
  await enqueue(store)
  const worker = await workers.forked(1)
  scheduler.onWorkerState(workerDocument(worker.assignment, { state: 'starting', updatedAt: clock.now() }))
  await until('the kill', () => {
    clock.advance(10_000)
    // The resource use of the browser is measured throughout this time.
    scheduler.onWorkerState(workerDocument(worker.assignment, { state: 'starting', updatedAt: clock.now() }))
    return worker.kills > 0
  })
  t.ok(clock.now() > 120_000)
  worker.exit(null, 'SIGKILL')
})

t.test('a job due in a year causes no busy loop, and an earlier one is not missed', async t => {
  const { store, clock, workers, scheduler } = await testScheduler(t)
  await enqueue(store, { dueAt: clock.now() + 365 * 86_400_000 })
  await until('a timer', () => clock.waiting === 1)
  t.equal(scheduler.idle, false)
  const soon = await enqueue(store, { dueAt: clock.now() + 45_000 })
  await until('the fork', () => {
    clock.advance(1_000)
    return workers.all.length > 0
  })
  t.equal(workers.all[0]?.assignment.jobId, soon)
  workers.all[0]?.end(won(1))
})

t.test('jobs blocked by a full domain hide no other job, and start once there is room', async t => {
  const { store, workers, untilState, scheduler, clock } = await testScheduler(t, {
    slots: 2,
    domainWorkers: [{ domain: 'shop.example', workers: 1 }],
  })
  const domains = ['www.shop.example']
  const shops: number[] = []
  for (let n = 0; n < 5; n++) shops.push(await enqueue(store, { domains }))
  const other = await enqueue(store)
  await workers.forked(2)
  const given = workers.all.map(({ assignment }) => assignment.jobId)
  t.strictSame(new Set(given), new Set([shops[0], other]))
  const atShop = workers.all.find(({ assignment }) => assignment.jobId === shops[0])
  atShop?.end(won(1))
  const next = await workers.forked(3)
  t.equal(next.assignment.jobId, shops[1])
  workers.all.find(({ assignment }) => assignment.jobId === other)?.end(won(1))
  await untilState(other, 'succeeded')
  t.equal(workers.all.length, 3, 'a free slot does not help the domain')

  const refusal = { domain: 'www.shop.example', status: 429, retryAfterMs: 30_000, jobId: null }
  const { until: pausedUntil } = await store.call('domains.pause', refusal)
  t.equal(pausedUntil, clock.now() + 30_000)
  next.end(won(1))
  await untilState(next.assignment.jobId, 'succeeded')
  await until('a timer', () => clock.waiting > 0)
  t.equal(scheduler.idle, false, 'jobs wait for the end of the pause')
  clock.advance(29_999)
  t.equal(workers.all.length, 3)
  await until('a timer', () => clock.waiting > 0)
  clock.advance(1)
  t.equal((await workers.forked(4)).assignment.jobId, shops[2])
})

t.test('runs as many jobs of a workflow at once as it allows', async t => {
  const { store, workers, scheduler, untilState } = await testScheduler(t)
  const workflows = [
    { ...FIXTURE, concurrency: 1 },
    { ...FIXTURE, name: 'other' },
  ]
  scheduler.setWorkflows({ workflows, broken: [] })
  const [first, second] = [await enqueue(store), await enqueue(store)]
  const other = await enqueue(store, { workflow: 'other' })
  await workers.forked(2)
  t.strictSame(new Set(workers.all.map(({ assignment }) => assignment.jobId)), new Set([first, other]))
  workers.all.find(({ assignment }) => assignment.jobId === first)?.end(won(1))
  const third = await workers.forked(3)
  t.equal(third.assignment.jobId, second)
  third.end(won(1))
  await untilState(second, 'succeeded')
})
