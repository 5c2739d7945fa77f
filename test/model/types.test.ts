import t from 'tap'
import { ErrorRecord } from '../../lib/model/failure/error-record.ts'
import { FromWorker, ToWorker } from '../../lib/model/worker/worker-ipc.ts'
import { Job, JobRequest, JobSummary } from '../../lib/model/job/job.ts'
import { JsonValue } from '../../lib/model/json.ts'
import { LogLine } from '../../lib/model/log-line.ts'
import { Outcome } from '../../lib/model/job/outcome.ts'
import { LivePhase, PhasePosition, PhaseRecord, formatPhase } from '../../lib/model/job/phase.ts'
import { ProcessIdentity } from '../../lib/model/worker/process-identity.ts'
import { job, queued } from '../helpers/builders/attempt.ts'

import { testRoundTrips } from '../helpers/store/round-trip.ts'
import { PHASE, LIVE, RECORD, NESTED, IDENTITY } from '../helpers/builders/samples.ts'

testRoundTrips([
  [
    'an error',
    ErrorRecord,
    NESTED,
    [
      [{ code: 'new-code' }, 'code'],
      [{ facts: { a: undefined } }, 'facts.a'],
      [{ cause: { name: 'x' } }, 'cause.code'],
      [{ stack: undefined }, 'stack'],
    ],
  ],
  [
    'a job',
    Job,
    job({ input: [{ a: null }], result: 3.5, error: NESTED, uniqueKey: 'k', cancelRequestedAt: 5 }),
    [
      [{ id: 0 }, 'id'],
      [{ state: 'lost' }, 'state'],
      [{ priority: 101 }, 'priority'],
      [{ workers: 0 }, 'workers'],
      [{ dueAt: 1.5 }, 'dueAt'],
      [{ attempt: -1 }, 'attempt'],
      [{ input: undefined }, 'input'],
    ],
  ],
  [
    'a job in a list',
    JobSummary,
    queued(1, { errorMessage: 'bad' }),
    [[{ errorMessage: undefined }, 'errorMessage']],
  ],
  [
    'a request for a job',
    JobRequest,
    {
      workflow: 'a',
      input: {},
      priority: -100,
      workers: 64,
      retries: 0,
      dueAt: 1,
      uniqueKey: 'k',
      origin: 'cli',
      proxy: { use: 'never' },
      after: [1, 2],
      afterFailure: 'run',
      domains: ['shop.example'],
    },
    [
      [{ workflow: '' }, 'workflow'],
      [{ priority: -101 }, 'priority'],
      [{ after: [0] }, 'after.0'],
      [{ afterFailure: 'wait' }, 'afterFailure'],
      [{ domains: ['https://shop.example'] }, 'domains.0'],
      [{ uniqueKey: '' }, 'uniqueKey'],
      [{ origin: '' }, 'origin'],
      [{ retries: 0.5 }, 'retries'],
    ],
  ],
  [
    'a line of a log',
    LogLine,
    { at: 1, level: 'warn', source: 'worker', message: 'm', workerId: 'w1', jobId: 7, member: 1, phase: 'a' },
    [
      [{ level: 'fatal' }, 'level'],
      [{ at: 'now' }, 'at'],
      [{ jobId: 1.5 }, 'jobId'],
    ],
  ],
  [
    'a phase',
    PhasePosition,
    PHASE,
    [
      [{ name: '1st' }, 'name'],
      [{ name: 'a'.repeat(41) }, 'name'],
      [{ index: 0 }, 'index'],
      [{ step: null }, 'step'],
    ],
  ],
  ['a phase that runs', LivePhase, LIVE, [[{ deadlineAt: 1.5 }, 'deadlineAt']]],
  ['a phase that ended', PhaseRecord, RECORD, [[{ status: 'skipped' }, 'status']]],
  [
    'a process',
    ProcessIdentity,
    IDENTITY,
    [
      [{ pid: -1 }, 'pid'],
      [{ started: 'a b' }, 'started'],
      [{ started: '' }, 'started'],
    ],
  ],
  [
    'a stop',
    ToWorker,
    { type: 'stop', reason: 'target-met' },
    [
      [{ reason: 'boredom' }, 'reason'],
      [{ type: 'pause' }, 'type'],
    ],
  ],
  ['a worker that is ready', FromWorker, { type: 'ready', build: 'a1' }, [[{ type: 'up' }, 'type']]],
  [
    'a worker that has ended a job',
    FromWorker,
    { type: 'done', job: { jobId: 7, attempt: 2 } },
    [
      [{ job: undefined }, 'job'],
      [{ job: { jobId: 7 } }, 'job.attempt'],
    ],
  ],
  [
    'a success',
    Outcome,
    { status: 'succeeded', result: [{ deep: [null] }] },
    [[{ result: undefined }, 'result']],
  ],
  [
    'a failure',
    Outcome,
    { status: 'failed', error: NESTED, phase: PHASE },
    [
      [{ error: null }, 'error'],
      [{ phase: undefined }, 'phase'],
    ],
  ],
  [
    'a timeout',
    Outcome,
    { status: 'timed-out', error: NESTED, phase: null },
    [[{ error: undefined }, 'error']],
  ],
  [
    'a cancelled part',
    Outcome,
    { status: 'cancelled', reason: 'shutdown', phase: null },
    [[{ reason: '' }, 'reason']],
  ],
  [
    'a crash',
    Outcome,
    { status: 'crashed', error: NESTED, phase: null, exitCode: null, signal: 'SIGKILL' },
    [
      [{ exitCode: 1.5 }, 'exitCode'],
      [{ signal: 9 }, 'signal'],
    ],
  ],
])

t.test('a minimal request for a job has no priority, and is cancelled with its dependency', async t => {
  const least = { workflow: 'a', input: null, workers: 1, retries: 0, origin: 'cli' }
  t.strictSame(JobRequest.parse(least), { ...least, priority: 0, afterFailure: 'cancel' })
})

t.test('JSON values round-trip exactly, and values that JSON cannot keep are refused', async t => {
  for (const value of [
    null,
    true,
    '',
    'è\u2028',
    0,
    -1.5,
    1e300,
    2 ** 53,
    [],
    {},
    [[{ a: [null] }]],
    { '': { ' ': 1 } },
  ]) {
    t.strictSame(JsonValue.parse(JSON.parse(JSON.stringify(value))), value)
  }
  for (const value of [
    undefined,
    NaN,
    Infinity,
    () => 1,
    Symbol('s'),
    1n,
    new Date(),
    [undefined],
    { a: undefined },
    new Map(),
  ]) {
    t.notOk(JsonValue.safeParse(value).success, typeof value)
  }
})

t.test('formats a phase as "index/count name: step"', async t => {
  t.equal(formatPhase(PHASE), '4/6 add_step: button Add to cart')
  t.equal(formatPhase({ ...PHASE, step: '' }), '4/6 add_step')
})
