import t from 'tap'
import { NO_LIMITS } from '../../lib/control/decide/concurrency.ts'
import { decide } from '../../lib/control/decide/decide.ts'
import type { AttemptView } from '../../lib/control/decide/attempt-view.ts'
import type { SchedulerView } from '../../lib/control/decide/scheduler-view.ts'
import type { Outcome } from '../../lib/model/job/outcome.ts'
import { errorRecord } from '../helpers/builders/error-record.ts'
import { enqueue } from '../helpers/store/job-store.ts'
import { member, run } from '../helpers/builders/attempt.ts'
import { FIXTURE, testScheduler } from '../helpers/store/test-scheduler.ts'
import { until } from '../helpers/until.ts'

const NOW = 100_000
const WON: Outcome = { status: 'succeeded', result: 1 }
const DIED: Outcome = {
  ...{ status: 'crashed', error: errorRecord('dead', 'worker-exit'), phase: null },
  ...{ exitCode: 1, signal: null },
}

/**
 * Returns the members of one job, named w1 and so on. An outcome of null makes a running member.
 */
const members = (...outcomes: (Outcome | null)[]) =>
  outcomes.map((outcome, n) => member({ workerId: `w${n + 1}`, outcome }))

const TABLE: readonly [
  rule: string,
  outcomes: (Outcome | null)[],
  change: Partial<AttemptView>,
  stops: [workerId: string, reason: string][],
  wakeAt: number | null,
][] = [
  [
    'a job ends at its deadline',
    [null, WON, null],
    { deadlineAt: NOW },
    [
      ['w1', 'deadline'],
      ['w3', 'deadline'],
    ],
    null,
  ],
  ['a job does not end before its deadline', [null], { deadlineAt: NOW + 7 }, [], NOW + 7],
  [
    'a met target wins over the deadline',
    [null],
    { deadlineAt: NOW, best: { result: 1, targetMet: true } },
    [['w1', 'target-met']],
    null,
  ],
  ['dead workers end no other worker', [null, DIED, DIED], {}, [], null],
  [
    'stops the workers when too few remain for the quorum',
    [null, DIED, DIED],
    { quorum: 2 },
    [['w1', 'sibling-failed']],
    null,
  ],
  ['workers continue as long as the quorum can be reached', [null, DIED, WON], { quorum: 2 }, [], null],
  [
    'all workers are needed if they are fewer than the quorum',
    [null, DIED],
    { quorum: 9 },
    [['w1', 'sibling-failed']],
    null,
  ],
]

for (const [rule, outcomes, change, stops, wakeAt] of TABLE) {
  t.test(rule, async t => {
    const view: SchedulerView = {
      mode: 'scheduling',
      ...{ urgent: false, writableSince: 0, slots: 4, warm: 0, warmAfter: 0 },
      ...{ recycle: { jobs: 100, bytes: 1 }, workers: [], needs: new Map(), claimable: [] },
      ...{ limits: NO_LIMITS, runs: [run(members(...outcomes), change)] },
    }
    const decision = decide(view, { now: NOW, monotonic: NOW })
    const expected = stops.map(([workerId, reason]) => ({ type: 'stop', workerId, reason }))
    t.strictSame(decision.actions, expected)
    t.equal(decision.wakeAt, wakeAt)
  })
}

t.test('a job at its deadline ends with the best offer, including that of a dead worker', async t => {
  const { store, workers, clock, scheduler, untilState } = await testScheduler(t)
  scheduler.setWorkflows({
    workflows: [{ ...FIXTURE, swarm: { quorum: 1, deadlineMs: 30_000 } }],
    broken: [],
  })
  const id = await enqueue(store, { workers: 3 })
  const last = await workers.forked(3)
  const { workerId, jobId, attempt } = last.assignment
  const offer = { jobId, attempt, member: 3, workerId, seenVersion: 0, result: 7, targetMet: false }
  t.match(await store.call('offers.submit', offer), { status: 'accepted' })
  last.exit(null, 'SIGKILL')
  await until('the end of one', () => scheduler.active === 2)
  await until('a timer', () => clock.waiting > 0)
  clock.advance(29_999)
  await until('a timer', () => clock.waiting > 0)
  t.strictSame(
    workers.all.flatMap(({ stops }) => stops),
    [],
    'a dead worker ends no other worker',
  )
  clock.advance(1)
  const others = workers.all.slice(0, 2)
  await until('the stops', () => others.every(({ stops }) => stops[0] === 'deadline'))
  for (const worker of others) worker.end({ status: 'cancelled', reason: 'deadline', phase: null })
  t.match(await untilState(id, 'succeeded'), { result: 7, attempt: 1 })
})

t.test('the attempt fails early when too many of its workers have died for its quorum', async t => {
  const { store, workers, scheduler, untilState } = await testScheduler(t)
  scheduler.setWorkflows({
    workflows: [{ ...FIXTURE, swarm: { quorum: 2, deadlineMs: null } }],
    broken: [],
  })
  const id = await enqueue(store, { workers: 3, retries: 0 })
  await workers.forked(3)
  const [first, second, third] = workers.all
  first?.end(WON)
  await until('the end of one', () => scheduler.active === 2)
  second?.exit(null, 'SIGKILL')
  await until('the end of another', () => scheduler.active === 1)
  t.strictSame(third?.stops, [], 'two can still succeed')
  third?.exit(1)
  t.match(await untilState(id, 'failed'), { error: { code: 'worker-exit' } })
})

t.test('a job without any offer has its own report at its deadline', async t => {
  const { store, workers, clock, scheduler, untilState } = await testScheduler(t)
  scheduler.setWorkflows({
    workflows: [{ ...FIXTURE, swarm: { quorum: 1, deadlineMs: 30_000 } }],
    broken: [],
  })
  const id = await enqueue(store, { workers: 2, retries: 1 })
  for (const attempt of [1, 2]) {
    await workers.forked(2 * attempt)
    await until('a timer', () => clock.waiting > 0)
    clock.advance(30_000)
    const own = workers.all.slice(-2)
    await until('the stops', () => own.every(({ stops }) => stops[0] === 'deadline'))
    for (const worker of own) worker.end({ status: 'cancelled', reason: 'deadline', phase: null })
    await untilState(id, attempt === 1 ? 'retrying' : 'failed')
    await until('a timer', () => clock.waiting > 0 || attempt === 2)
    if (attempt === 1) clock.advance(10_000)
  }
  t.match(await store.call('crashes.list', {}), [
    { jobId: id, attempt: 2, errorCode: 'deadline', message: 'No worker offered a result within 30 s.' },
    { jobId: id, attempt: 1, errorCode: 'deadline' },
  ])
})

t.test('a job that a person cancels has no report', async t => {
  const { store, workers, untilState } = await testScheduler(t)
  const id = await enqueue(store)
  const worker = await workers.forked(1)
  await store.call('jobs.cancel', { id })
  await until('the stop', () => worker.stops.length > 0)
  worker.end({ status: 'cancelled', reason: 'cancelled', phase: null })
  await untilState(id, 'cancelled')
  t.same(await store.call('crashes.list', {}), [])
})
