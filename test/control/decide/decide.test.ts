import t from 'tap'
import { decide } from '../../../lib/control/decide/decide.ts'
import {
  KILL_AGAIN_MS,
  LATE_TURN_MS,
  STARTUP_LIMIT_MS,
  STOP_GRACE_MS,
  TAKE_LIMIT_MS,
  WATCHDOG_GRACE_MS,
} from '../../../lib/control/decide/timeouts.ts'
import type { SchedulerView } from '../../../lib/control/decide/scheduler-view.ts'
import type { WorkerView } from '../../../lib/control/decide/worker-view.ts'
import { simulatedWorker } from '../../fault/simulated-worker.ts'
import { job, member, queued, run } from '../../helpers/builders/attempt.ts'
import { schedulerView } from '../../helpers/builders/scheduler-view.ts'

const NOW = 100_000
const DONE = { status: 'succeeded', result: 1 } as const

const claim = (jobId: number) => ({ type: 'claim' as const, jobId })
const stop = (workerId: string, reason: string) => ({ type: 'stop', workerId, reason })
const reprieve = { type: 'reprieve', workerId: 'w1' }
const kill = (why: string) => [{ type: 'kill', workerId: 'w1', why }]

const TABLE: readonly [
  rule: string,
  view: Partial<SchedulerView>,
  actions: unknown[],
  wakeAt: number | null,
][] = [
  ['nothing to do', {}, [], null],
  [
    'jobs are claimed in their order while workers fit',
    { claimable: [queued(3), queued(1)] },
    [claim(3), claim(1)],
    null,
  ],
  [
    'a job that does not fit holds the place for itself',
    { claimable: [queued(1, { workers: 3 }), queued(2, { workers: 2 }), queued(3)] },
    [claim(1)],
    null,
  ],
  [
    'a job never gets more workers than there are slots',
    { claimable: [queued(1, { workers: 9 }), queued(2)] },
    [claim(1)],
    null,
  ],
  [
    'workers that live take slots, ended ones do not',
    {
      runs: [run([member(), member({ outcome: DONE })], { job: job({ id: 9 }) })],
      claimable: [queued(1, { workers: 3 }), queued(2)],
    },
    [claim(1)],
    null,
  ],
  [
    'a job that is due later is waited for',
    { claimable: [queued(1), queued(2, { dueAt: NOW + 7 })] },
    [claim(1)],
    NOW + 7,
  ],
  [
    'it is waited for behind a job that does not fit, too: it may go first',
    { slots: 1, runs: [run([member()])], claimable: [queued(1), queued(2, { dueAt: NOW + 7 })] },
    [],
    NOW + 7,
  ],
  ['a job is due at its very instant', { claimable: [queued(1, { dueAt: NOW })] }, [claim(1)], null],
  [
    'nothing is claimed while paused',
    { mode: 'paused', claimable: [queued(1, { dueAt: NOW + 7 })] },
    [],
    null,
  ],
  [
    'nothing is claimed while draining, and nothing stopped',
    { mode: 'draining', claimable: [queued(1)], runs: [run([member()])] },
    [],
    null,
  ],
  [
    'a shutdown stops every worker',
    { mode: 'shutdown', claimable: [queued(1)], runs: [run([member(), member({ workerId: 'w2' })])] },
    [stop('w1', 'shutdown'), stop('w2', 'shutdown')],
    null,
  ],
  [
    'a job whose target is met stops its living workers',
    {
      runs: [
        run([member({ outcome: DONE }), member({ workerId: 'w2' })], {
          best: { result: 1, targetMet: true },
          cancelRequested: true,
        }),
      ],
    },
    [stop('w2', 'target-met')],
    null,
  ],
  [
    'a cancel is the reason that is told, at a shutdown too',
    { mode: 'shutdown', runs: [run([member()], { cancelRequested: true })] },
    [stop('w1', 'cancelled')],
    null,
  ],
  [
    'a best result below the target stops nobody',
    { runs: [run([member()], { best: { result: 1, targetMet: false } })] },
    [],
    null,
  ],
  [
    'a worker is asked to stop once',
    { runs: [run([member({ stop: { reason: 'cancelled', at: NOW } })], { cancelRequested: true })] },
    [],
    NOW + STOP_GRACE_MS,
  ],
  [
    'a worker that does not stop is killed',
    { runs: [run([member({ stop: { reason: 'drain', at: NOW - STOP_GRACE_MS } })])] },
    kill('did-not-stop'),
    null,
  ],
  [
    'a worker that was never seen is waited for',
    { runs: [run([member({ seenAt: null, assignedAt: NOW })])] },
    [],
    NOW + STARTUP_LIMIT_MS,
  ],
  [
    'a worker that was never seen is killed',
    { runs: [run([member({ seenAt: null, assignedAt: NOW - STARTUP_LIMIT_MS })])] },
    kill('never-started'),
    null,
  ],
  [
    'a worker that was ready and does not take its job is killed sooner',
    { runs: [run([member({ seenAt: null, ready: true, assignedAt: NOW - TAKE_LIMIT_MS })])] },
    kill('never-started'),
    null,
  ],
  [
    'a worker has until its deadline to answer',
    { runs: [run([member({ mustAnswerAt: NOW })])] },
    [],
    NOW + WATCHDOG_GRACE_MS,
  ],
  [
    'a worker that does not answer is killed',
    { runs: [run([member({ mustAnswerAt: NOW - WATCHDOG_GRACE_MS })])] },
    kill('blocked'),
    null,
  ],
  [
    'a scheduler that stood still past the deadline gives the worker its grace once more',
    { runs: [run([member({ mustAnswerAt: NOW - WATCHDOG_GRACE_MS - LATE_TURN_MS - 1 })])] },
    [reprieve],
    null,
  ],
  [
    'also one that was to stop, or to begin',
    {
      runs: [
        run([member({ stop: { reason: 'target-met', at: 0 } })]),
        run([member({ seenAt: null, assignedAt: 0 })]),
      ],
    },
    [reprieve, reprieve],
    null,
  ],
  [
    'the worker has the grace to answer in',
    { runs: [run([member({ mustAnswerAt: 0, reprievedAt: NOW - 1 })])] },
    [],
    NOW - 1 + WATCHDOG_GRACE_MS,
  ],
  [
    'and is killed after it',
    { runs: [run([member({ mustAnswerAt: 0, reprievedAt: NOW - WATCHDOG_GRACE_MS })])] },
    kill('blocked'),
    null,
  ],
  [
    'a killed worker is given time to go',
    { runs: [run([member({ mustAnswerAt: 0, killedAt: NOW })])] },
    [],
    NOW + KILL_AGAIN_MS,
  ],
  [
    'a kill that did nothing is tried again',
    { runs: [run([member({ mustAnswerAt: 0, killedAt: NOW - KILL_AGAIN_MS })])] },
    kill('blocked'),
    null,
  ],
  [
    'on a full disk a worker cannot answer, and is not killed for it',
    { mode: 'paused', writableSince: null, runs: [run([member({ mustAnswerAt: 0 })])] },
    [],
    null,
  ],
  [
    'nor one that cannot say that it has begun',
    { mode: 'paused', writableSince: null, runs: [run([member({ seenAt: null, assignedAt: 0 })])] },
    [],
    null,
  ],
  [
    'when there is room again it gets its grace once more',
    { writableSince: NOW, runs: [run([member({ mustAnswerAt: 0 })])] },
    [],
    NOW + WATCHDOG_GRACE_MS,
  ],
  [
    'and is killed after that',
    { writableSince: NOW - WATCHDOG_GRACE_MS, runs: [run([member({ mustAnswerAt: 0 })])] },
    kill('blocked'),
    null,
  ],
  [
    'one that was killed in vain is killed again on a full disk, too',
    {
      ...{ mode: 'paused', writableSince: null },
      runs: [run([member({ mustAnswerAt: 0, killedAt: NOW - KILL_AGAIN_MS })])],
    },
    kill('blocked'),
    null,
  ],
  [
    'and one that does not stop when it is asked to',
    {
      ...{ mode: 'shutdown', writableSince: null },
      runs: [run([member({ stop: { reason: 'shutdown', at: NOW - STOP_GRACE_MS } })])],
    },
    kill('did-not-stop'),
    null,
  ],
  [
    'an ended worker is neither stopped nor killed',
    {
      mode: 'shutdown',
      runs: [
        run([
          member({ outcome: DONE, mustAnswerAt: 0 }),
          member({ workerId: 'w2', stop: { reason: 'shutdown', at: NOW } }),
        ]),
      ],
    },
    [],
    NOW + STOP_GRACE_MS,
  ],
  [
    'a job is settled when all its workers have ended, in any mode',
    {
      mode: 'paused',
      runs: [run([member({ outcome: DONE }), member({ outcome: DONE })], { job: job({ id: 5 }) })],
    },
    [{ type: 'settle', jobId: 5 }],
    null,
  ],
  [
    'a job without workers is settled',
    { runs: [run([], { job: job({ id: 5 }) })] },
    [{ type: 'settle', jobId: 5 }],
    null,
  ],
  [
    'the earliest of all waits counts',
    {
      claimable: [queued(1, { dueAt: NOW + 9_000 })],
      runs: [run([member({ mustAnswerAt: NOW }), member({ workerId: 'w2', mustAnswerAt: NOW + 1 })])],
    },
    [],
    NOW + WATCHDOG_GRACE_MS,
  ],
]

const kept = (change: Partial<WorkerView> = {}): WorkerView => ({
  ...simulatedWorker('w1', 0),
  idleSince: null,
  keptUntil: NOW + 9,
  ...change,
})
const retire = (why: string, workerId = 'w1') => ({ type: 'retire', workerId, why })

const KEPT_TABLE: typeof TABLE = [
  [
    'a browser that is open to be looked at takes a slot until its time is over',
    { slots: 1, workers: [kept()], claimable: [queued(1)] },
    [],
    NOW + 9,
  ],
  ['it is closed at its time', { workers: [kept({ keptUntil: NOW })] }, [retire('seen')], null],
  ['it stays while paused', { mode: 'paused', workers: [kept()] }, [], NOW + 9],
  ['it is closed by a drain', { mode: 'draining', workers: [kept()] }, [retire('over')], null],
  ['it is closed by a shutdown', { mode: 'shutdown', workers: [kept()] }, [retire('over')], null],
  [
    'it is asked once, and killed when it does not end',
    { workers: [kept({ stoppingAt: NOW - STOP_GRACE_MS })] },
    kill('did-not-stop'),
    null,
  ],
  [
    'it takes its slot until it is gone',
    { slots: 1, workers: [kept({ stoppingAt: NOW })], claimable: [queued(1)] },
    [],
    NOW + STOP_GRACE_MS,
  ],
  [
    'where somebody waits for the queue, the one that was open for longest makes room for a job',
    {
      urgent: true,
      slots: 2,
      workers: [kept({ keptUntil: NOW + 9 }), kept({ workerId: 'w2', keptUntil: NOW + 8 })],
      claimable: [queued(1)],
    },
    [retire('room', 'w2')],
    NOW + 8,
  ],
  [
    'one on its way out is room enough',
    {
      urgent: true,
      slots: 2,
      workers: [kept(), kept({ workerId: 'w2', stoppingAt: NOW })],
      claimable: [queued(1)],
    },
    [],
    NOW + 9,
  ],
  ['without a job for its slot it stays', { urgent: true, slots: 1, workers: [kept()] }, [], NOW + 9],
]

const FORK = [{ type: 'fork' }]

/**
 * Returns a view with a single slot, taken by a worker of `serves` after `jobs` jobs, while a job
 * waits.
 */
const full = (serves: WorkerView['serves'], jobs = 1): Partial<SchedulerView> => ({
  slots: 1,
  warm: 1,
  runs: [run([member()])],
  workers: [{ ...simulatedWorker('w1', 0), ready: true, idleSince: null, serves, jobs }],
  claimable: [queued(2)],
})
const PAGE = { workflow: 'fixture', isolation: 'page' } as const

const WARM_TABLE: typeof TABLE = [
  [
    'a worker is started ahead of need behind one that ends with its job',
    full({ ...PAGE, isolation: 'process' }),
    FORK,
    null,
  ],
  ['behind one that takes the next job, none is', full(PAGE), [], null],
  ['behind one that has had its jobs, one is', full(PAGE, 100), FORK, null],
  ['for the job of another workflow, one is', full({ ...PAGE, workflow: 'other' }), FORK, null],
  ['for a job that nobody has asked for yet, one is', { ...full(PAGE), claimable: [] }, FORK, null],
  [
    'one that waits leaves where none is wanted any more',
    { workers: [{ ...simulatedWorker('w1', 0), ready: true, idleSince: 0, serves: null }] },
    [{ type: 'retire', workerId: 'w1', why: 'idle' }],
    null,
  ],
  [
    'where somebody waits for the end of the queue, none is behind its last job',
    { ...full(PAGE), urgent: true, claimable: [] },
    [],
    null,
  ],
]

for (const [rule, change, actions, wakeAt] of [...TABLE, ...KEPT_TABLE, ...WARM_TABLE]) {
  t.test(rule, async t => {
    const seen = schedulerView(change)
    t.strictSame(decide(seen, { now: NOW, monotonic: NOW }), { actions, wakeAt })
    t.strictSame(
      decide(seen, { now: NOW, monotonic: NOW }),
      { actions, wakeAt },
      'asking twice gives the same answer',
    )
  })
}

t.test('how long a worker has had is counted by the monotonic clock, and told by the wall clock', async t => {
  const asked = member({ stop: { reason: 'cancelled', at: NOW } })
  const seen = schedulerView({ runs: [run([asked], { cancelRequested: true })] })
  const HOUR_MS = 3_600_000
  for (const now of [NOW - HOUR_MS, NOW + HOUR_MS]) {
    t.strictSame(decide(seen, { now, monotonic: NOW }), { actions: [], wakeAt: now + STOP_GRACE_MS })
    t.strictSame(decide(seen, { now, monotonic: NOW + STOP_GRACE_MS }).actions, kill('did-not-stop'))
    const open = schedulerView({ workers: [kept()] })
    t.strictSame(decide(open, { now, monotonic: NOW }), { actions: [], wakeAt: now + 9 })
    t.strictSame(decide(open, { now, monotonic: NOW + 9 }).actions, [retire('seen')])
  }
})
