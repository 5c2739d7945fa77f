import { PROGRAM } from '../../../lib/core/process/program.ts'
import { CrashReport } from '../../../lib/model/failure/crash.ts'
import { NOT_NOTIFIED } from '../../../lib/model/failure/notified-marker.ts'
import { DEFAULT_JOB_LIMITS } from '../../../lib/model/job/job-limits.ts'
import type { Assignment, LaunchDocument, LaunchProfile } from '../../../lib/model/worker/documents.ts'
import type { PhaseRecord } from '../../../lib/model/job/phase.ts'
import { crash } from './crash.ts'
import { errorRecord } from './error-record.ts'

export const REF = { workerId: 'w1', jobId: 7, attempt: 1, member: 2, members: 3, workflow: 'fixture' }
export const LAUNCH: LaunchProfile = {
  executable: '/chrome',
  kind: 'chrome',
  headless: true,
  extraArgs: ['--a'],
  cdp: 'port',
  proxyServer: 'http://proxy:8080',
  limits: DEFAULT_JOB_LIMITS,
}
export const PHASE = { index: 4, count: 6, name: 'add_step', step: 'button Add to cart' }
export const LIVE = { ...PHASE, startedAt: 1, deadlineAt: 2 }
export const RECORD: PhaseRecord = {
  ...PHASE,
  try: { index: 2, count: 3 },
  status: 'failed',
  startedAt: 1,
  endedAt: 2,
  steps: [{ path: 'cart > button', startedAt: 1, endedAt: 2, failed: true }],
  stepsLeftOut: 1,
  error: { name: 'ElementError', code: 'element', message: 'no button' },
}
export const NESTED = {
  ...errorRecord(),
  cause: { ...errorRecord('deeper', 'hard-fail'), cause: errorRecord('deepest') },
}
export const ASSIGNMENT: Assignment = {
  ...REF,
  kind: 'assignment',
  version: 2,
  file: 'f.ts',
  input: { a: [1, null, 'x', true] },
  recovery: { element: { retry: 'now' }, proxy: { browser: 'keep' } },
  isolation: 'page',
  start: 'reused',
  proxy: null,
  abortGraceMs: 0.5,
  trace: { keep: 'on-failure', limitBytes: 50_000_000 },
}
export const LAUNCH_DOCUMENT: LaunchDocument = {
  kind: 'launch',
  program: PROGRAM,
  version: 1,
  workerId: 'w1',
  root: '/p',
  launch: LAUNCH,
  profile: 'chrome_00000000-0000-4000-8000-000000000000',
}
export const CRASH = crash({
  phase: PHASE,
  error: NESTED,
  url: 'http://x/',
  lastLines: ['a'],
  artefacts: [{ kind: 'log', path: 'l' }],
})
export const REPORT = CrashReport.parse({ ...CRASH, id: 1, file: 'job_7_1.json', notifiedBy: NOT_NOTIFIED })
export const IDENTITY = { pid: 7, started: 'boot:1' }
