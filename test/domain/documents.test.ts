import { CrashReport, CrashSummary } from '../../lib/domain/crash.ts'
import {
  Assignment,
  CrashDocument,
  OutcomeDocument,
  SchedulerDocument,
  ServiceDocument,
  WorkerDocument,
} from '../../lib/domain/documents.ts'
import { WorkflowDescription } from '../../lib/domain/workflow.ts'
import { FIXTURE } from '../helpers/scheduling.ts'
import { workerDocument } from '../helpers/scripted-workers.ts'

import { testRoundTrips } from '../helpers/round-trip.ts'
import {
  REF,
  LAUNCH,
  PHASE,
  LIVE,
  RECORD,
  NESTED,
  ASSIGNMENT,
  CRASH,
  REPORT,
  IDENTITY,
} from '../helpers/samples.ts'

testRoundTrips([
  [
    'an assignment',
    Assignment,
    ASSIGNMENT,
    [
      [{ version: 2 }, 'version'],
      [{ workerId: '../x' }, 'workerId'],
      [{ attempt: 0 }, 'attempt'],
      [{ input: undefined }, 'input'],
      [{ launch: { ...LAUNCH, kind: 'opera' } }, 'launch.kind'],
      [{ abortGraceMs: -1 }, 'abortGraceMs'],
      [{ trace: { keep: 'sometimes', limitBytes: 1 } }, 'trace.keep'],
      [{ profile: '../chrome' }, 'profile'],
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
      revision: 2 ** 41,
      workflows: [FIXTURE],
      broken: [{ file: 'x.ts', error: NESTED }],
    },
    [
      [{ slots: 0 }, 'slots'],
      [{ phase: 'idle' }, 'phase'],
      [{ broken: [{ file: 'x' }] }, 'broken.0.error'],
    ],
  ],
  [
    'a workflow',
    WorkflowDescription,
    { ...FIXTURE, inputSchema: { type: 'object', required: ['a'] } },
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
