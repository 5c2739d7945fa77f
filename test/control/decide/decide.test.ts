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
    'claims jobs in order while workers fit',
    { claimable: [queued(3), queued(1)] },
    [claim(3), claim(1)],
    null,
  ],
  [
    'a job that does not fit reserves its place',
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
    'running workers take slots, ended ones do not',
    {
      runs: [run([member(), member({ outcome: DONE })], { job: job({ id: 9 }) })],
      claimable: [queued(1, { workers: 3 }), queued(2)],
    },
    [claim(1)],
    null,
  ],
  [
    'waits for a job that is due later',
    { claimable: [queued(1), queued(2, { dueAt: NOW + 7 })] },
    [claim(1)],
    NOW + 7,
  ],
  [
    'waits for a later job behind a job that does not fit too, because it may go first',
    { slots: 1, runs: [run([member()])], claimable: [queued(1), queued(2, { dueAt: NOW + 7 })] },
    [],
    NOW + 7,
  ],
  ['a job is due at its exact time', { claimable: [queued(1, { dueAt: NOW })] }, [claim(1)], null],
  ['claims nothing while paused', { mode: 'paused', claimable: [queued(1, { dueAt: NOW + 7 })] }, [], null],
  [
    'claims and stops nothing while draining',
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
    'a job that meets its target stops its running workers',
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
    'cancel wins over shutdown as the stop reason',
    { mode: 'shutdown', runs: [run([member()], { cancelRequested: true })] },
    [stop('w1', 'cancelled')],
    null,
  ],
  [
    'a best result below the target stops no worker',
    { runs: [run([member()], { best: { result: 1, targetMet: false } })] },
    [],
    null,
  ],
  [
    'a worker is asked to stop only once',
    { runs: [run([member({ stop: { reason: 'cancelled', at: NOW } })], { cancelRequested: true })] },
    [],
    NOW + STOP_GRACE_MS,
  ],
  [
    'kills a worker that does not stop',
    { runs: [run([member({ stop: { reason: 'drain', at: NOW - STOP_GRACE_MS } })])] },
    kill('did-not-stop'),
    null,
  ],
  [
    'waits for a worker that was never seen',
    { runs: [run([member({ seenAt: null, assignedAt: NOW })])] },
    [],
    NOW + STARTUP_LIMIT_MS,
  ],
  [
    'kills a worker that was never seen',
    { runs: [run([member({ seenAt: null, assignedAt: NOW - STARTUP_LIMIT_MS })])] },
    kill('never-started'),
    null,
  ],
  [
    'kills a ready worker that does not take its job sooner',
    { runs: [run([member({ seenAt: null, ready: true, assignedAt: NOW - TAKE_LIMIT_MS })])] },
    kill('never-started'),
    null,
  ],
  [
    'a worker must respond by its deadline',
    { runs: [run([member({ mustAnswerAt: NOW })])] },
    [],
    NOW + WATCHDOG_GRACE_MS,
  ],
  [
    'kills a worker that does not respond',
    { runs: [run([member({ mustAnswerAt: NOW - WATCHDOG_GRACE_MS })])] },
    kill('blocked'),
    null,
  ],
  [
    'a scheduler that stood still past the deadline gives the worker its grace again',
    { runs: [run([member({ mustAnswerAt: NOW - WATCHDOG_GRACE_MS - LATE_TURN_MS - 1 })])] },
    [reprieve],
    null,
  ],
  [
    'a worker that was to stop or to begin gets its grace again too',
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
    'a worker has its grace to respond after the scheduler stood still',
    { runs: [run([member({ mustAnswerAt: 0, reprievedAt: NOW - 1 })])] },
    [],
    NOW - 1 + WATCHDOG_GRACE_MS,
  ],
  [
    'kills a worker after its grace if the scheduler stood still',
    { runs: [run([member({ mustAnswerAt: 0, reprievedAt: NOW - WATCHDOG_GRACE_MS })])] },
    kill('blocked'),
    null,
  ],
  [
    'waits for a killed worker to exit',
    { runs: [run([member({ mustAnswerAt: 0, killedAt: NOW })])] },
    [],
    NOW + KILL_AGAIN_MS,
  ],
  [
    'repeats a kill without effect',
    { runs: [run([member({ mustAnswerAt: 0, killedAt: NOW - KILL_AGAIN_MS })])] },
    kill('blocked'),
    null,
  ],
  [
    'does not kill a worker that cannot respond on a full disk',
    { mode: 'paused', writableSince: null, runs: [run([member({ mustAnswerAt: 0 })])] },
    [],
    null,
  ],
  [
    'does not kill a worker that cannot report its start on a full disk',
    { mode: 'paused', writableSince: null, runs: [run([member({ seenAt: null, assignedAt: 0 })])] },
    [],
    null,
  ],
  [
    'a worker gets its grace again once the disk has room',
    { writableSince: NOW, runs: [run([member({ mustAnswerAt: 0 })])] },
    [],
    NOW + WATCHDOG_GRACE_MS,
  ],
  [
    'kills a worker after its grace once the disk had room',
    { writableSince: NOW - WATCHDOG_GRACE_MS, runs: [run([member({ mustAnswerAt: 0 })])] },
    kill('blocked'),
    null,
  ],
  [
    'repeats a kill without effect on a full disk too',
    {
      ...{ mode: 'paused', writableSince: null },
      runs: [run([member({ mustAnswerAt: 0, killedAt: NOW - KILL_AGAIN_MS })])],
    },
    kill('blocked'),
    null,
  ],
  [
    'kills a worker that does not stop on a full disk too',
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
    'settles a job in any mode when all its workers have ended',
    {
      mode: 'paused',
      runs: [run([member({ outcome: DONE }), member({ outcome: DONE })], { job: job({ id: 5 }) })],
    },
    [{ type: 'settle', jobId: 5 }],
    null,
  ],
  [
    'settles a job without workers',
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
    'a held browser takes a slot until its time is over',
    { slots: 1, workers: [kept()], claimable: [queued(1)] },
    [],
    NOW + 9,
  ],
  ['a held browser is closed at its time', { workers: [kept({ keptUntil: NOW })] }, [retire('seen')], null],
  ['a held browser stays while paused', { mode: 'paused', workers: [kept()] }, [], NOW + 9],
  ['a drain closes a held browser', { mode: 'draining', workers: [kept()] }, [retire('over')], null],
  ['a shutdown closes a held browser', { mode: 'shutdown', workers: [kept()] }, [retire('over')], null],
  [
    'a held browser is asked to close once, and killed if it does not end',
    { workers: [kept({ stoppingAt: NOW - STOP_GRACE_MS })] },
    kill('did-not-stop'),
    null,
  ],
  [
    'a held browser takes its slot until it is gone',
    { slots: 1, workers: [kept({ stoppingAt: NOW })], claimable: [queued(1)] },
    [],
    NOW + STOP_GRACE_MS,
  ],
  [
    'the longest held browser makes room for a job in an urgent queue',
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
    'a closing held browser is room enough',
    {
      urgent: true,
      slots: 2,
      workers: [kept(), kept({ workerId: 'w2', stoppingAt: NOW })],
      claimable: [queued(1)],
    },
    [],
    NOW + 9,
  ],
  [
    'a held browser stays if no job needs its slot',
    { urgent: true, slots: 1, workers: [kept()] },
    [],
    NOW + 9,
  ],
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
    'starts a warm worker behind a worker that ends with its job',
    full({ ...PAGE, isolation: 'process' }),
    FORK,
    null,
  ],
  ['starts no warm worker behind a worker that takes the next job', full(PAGE), [], null],
  ['starts a warm worker behind a worker that has had all its jobs', full(PAGE, 100), FORK, null],
  ['starts a warm worker for the job of another workflow', full({ ...PAGE, workflow: 'other' }), FORK, null],
  ['starts a warm worker while no job waits', { ...full(PAGE), claimable: [] }, FORK, null],
  [
    'retires an idle warm worker that is no longer wanted',
    { workers: [{ ...simulatedWorker('w1', 0), ready: true, idleSince: 0, serves: null }] },
    [{ type: 'retire', workerId: 'w1', why: 'idle' }],
    null,
  ],
  [
    'starts no warm worker behind the last job of an urgent queue',
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
      'the second decision is the same',
    )
  })
}

t.test('limits use the monotonic clock, and wake-up times the wall clock', async t => {
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
