import t from 'tap'
import { CrashReport, CrashSummary } from '../../../lib/model/failure/crash.ts'
import {
  Assignment,
  CrashDocument,
  LaunchDocument,
  OutcomeDocument,
  SchedulerDocument,
  ServiceDocument,
  WorkerDocument,
} from '../../../lib/model/worker/documents.ts'
import { WorkflowDescription } from '../../../lib/model/job/workflow.ts'
import { FIXTURE } from '../../helpers/store/test-scheduler.ts'
import { workerDocument } from '../../helpers/store/scripted-workers.ts'

import { testRoundTrips } from '../../helpers/store/round-trip.ts'
import {
  REF,
  LAUNCH,
  PHASE,
  LIVE,
  RECORD,
  NESTED,
  ASSIGNMENT,
  LAUNCH_DOCUMENT,
  CRASH,
  REPORT,
  IDENTITY,
} from '../../helpers/builders/samples.ts'

testRoundTrips([
  [
    'an assignment',
    Assignment,
    ASSIGNMENT,
    [
      [{ version: 1 }, 'version'],
      [{ workerId: '../x' }, 'workerId'],
      [{ attempt: 0 }, 'attempt'],
      [{ input: undefined }, 'input'],
      [{ isolation: 'none' }, 'isolation'],
      [{ start: 'hot' }, 'start'],
      [{ abortGraceMs: -1 }, 'abortGraceMs'],
      [{ trace: { keep: 'sometimes', limitBytes: 1 } }, 'trace.keep'],
    ],
  ],
  [
    'a launch document',
    LaunchDocument,
    LAUNCH_DOCUMENT,
    [
      [{ workerId: '../x' }, 'workerId'],
      [{ launch: { ...LAUNCH, kind: 'opera' } }, 'launch.kind'],
      [{ profile: '../chrome' }, 'profile'],
    ],
  ],
  [
    'the state of a worker that waits for a job',
    WorkerDocument,
    workerDocument(ASSIGNMENT, { job: null, state: 'idle' }),
    [
      [{ job: undefined }, 'job'],
      [{ job: REF }, 'job.start'],
      [{ jobs: -1 }, 'jobs'],
    ],
  ],
  [
    "a worker's state",
    WorkerDocument,
    workerDocument(ASSIGNMENT, {
      phase: LIVE,
      history: [RECORD],
      processes: [IDENTITY],
      outcome: 'timed-out',
      browser: { pid: null, version: 'C/1', profile: 'p', devtools: 'http://127.0.0.1:20001' },
    }),
    [
      [{ kind: 'outcome' }, 'kind'],
      [{ state: 'lost' }, 'state'],
      [{ phase: PHASE }, 'phase.startedAt'],
      [{ history: [LIVE] }, 'history.0.status'],
      [{ pid: 0 }, 'pid'],
      [{ memoryBytes: 1.5 }, 'memoryBytes'],
    ],
  ],
  [
    'an outcome document',
    OutcomeDocument,
    {
      ...REF,
      kind: 'outcome',
      version: 1,
      endedAt: 1,
      outcome: { status: 'succeeded', result: null },
      history: [RECORD],
      memoryBytes: 7,
    },
    [
      [{ endedAt: -1 }, 'endedAt'],
      [{ outcome: { status: 'won' } }, 'outcome.status'],
      [{ outcome: { status: 'succeeded' } }, 'outcome.result'],
      [{ jobId: '7' }, 'jobId'],
    ],
  ],
  [
    'a crash document',
    CrashDocument,
    CRASH,
    [
      [{ version: 0 }, 'version'],
      [{ writtenBy: 'me' }, 'writtenBy'],
      [{ error: {} }, 'error.name'],
      [{ phase: { ...PHASE, index: 0 } }, 'phase.index'],
      [{ artefacts: [{}] }, 'artefacts.0.kind'],
    ],
  ],
  [
    'a crash report',
    CrashReport,
    REPORT,
    [
      [{ id: 0 }, 'id'],
      [{ file: undefined }, 'file'],
    ],
  ],
  [
    'a crash in a list',
    CrashSummary,
    {
      id: 1,
      at: 1,
      jobId: 7,
      attempt: 1,
      member: 1,
      workerId: 'w1',
      cause: 'c',
      frame: 'buy (shop.ts:4)',
      workflow: 'a',
      phase: null,
      errorName: 'E',
      errorCode: 'bug',
      artefacts: CRASH.artefacts,
      message: 'm',
    },
    [[{ message: undefined }, 'message']],
  ],
  [
    'a service',
    ServiceDocument,
    {
      kind: 'service',
      version: 1,
      name: 'workflow-a',
      desired: 'running',
      actual: 'failed',
      since: 1,
      restarts: 0,
      message: '',
      doing: null,
    },
    [
      [{ name: '../x' }, 'name'],
      [{ desired: 'failed' }, 'desired'],
      [{ actual: 'paused' }, 'actual'],
      [{ doing: { what: 'idle' } }, 'doing.what'],
      [{ restarts: -1 }, 'restarts'],
    ],
  ],
  [
    'the scheduler',
    SchedulerDocument,
    {
      kind: 'scheduler',
      version: 1,
      pid: 1,
      startedAt: 1,
      updatedAt: 2,
      program: '0.1.0',
      phase: 'draining',
      slots: 4,
      active: 0,
      idle: 0,
      holds: [{ domain: 'shop.example', until: 3, status: 429, streak: 1 }],
      revision: 2 ** 41,
      workflows: [FIXTURE],
      broken: [{ file: 'x.ts', error: NESTED }],
    },
    [
      [{ slots: 0 }, 'slots'],
      [{ phase: 'idle' }, 'phase'],
      [{ holds: [{ domain: 'shop.example' }] }, 'holds.0.until'],
      [{ broken: [{ file: 'x' }] }, 'broken.0.error'],
    ],
  ],
  [
    'a workflow',
    WorkflowDescription,
    {
      ...FIXTURE,
      swarm: { quorum: 2, deadlineMs: 60_000 },
      inputSchema: { type: 'object', required: ['a'] },
    },
    [
      [{ name: 'Big' }, 'name'],
      [{ phases: [] }, 'phases'],
      [{ workers: 65 }, 'workers'],
      [{ isolation: 'none' }, 'isolation'],
      [{ retries: -1 }, 'retries'],
      [{ phases: [{ name: 'a b', timeoutMs: 1 }] }, 'phases.0.name'],
    ],
  ],
])

t.test('an assignment of an earlier version gets the present name of its start', async t => {
  t.equal(Assignment.parse({ ...ASSIGNMENT, start: 'kept' }).start, 'reused')
})
