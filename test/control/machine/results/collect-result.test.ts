import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { collectExited } from '../../../../lib/control/machine/results/collect-result.ts'
import type { Ending } from '../../../../lib/control/machine/results/ending.ts'
import { neverStarted } from '../../../../lib/control/machine/workers/worker-process.ts'
import type {
  Assignment,
  CrashDocument,
  OutcomeDocument,
  WorkerDocument,
} from '../../../../lib/model/worker/documents.ts'
import type { Outcome } from '../../../../lib/model/job/outcome.ts'
import { writeJsonSync } from '../../../../lib/files/documents/atomic-json.ts'
import { writeCrashFile } from '../../../../lib/files/documents/crash-file.ts'
import { killMarkOf, markKilled } from '../../../../lib/files/kill-marker.ts'
import { crash } from '../../../helpers/builders/crash.ts'
import { errorRecord } from '../../../helpers/builders/error-record.ts'
import { RecordingLog } from '../../../helpers/recording-log.ts'
import { newProject } from '../../../helpers/store/project.ts'
import { workerDocument } from '../../../helpers/store/scripted-workers.ts'

const NOW = 9_000
const REF = { workerId: 'w1', jobId: 7, attempt: 1, member: 1, members: 3, workflow: 'fixture' }
const PHASE = { index: 4, count: 6, name: 'add_step', step: 'button Add to cart' }

/** Files of an ended worker, and functions that collect them. */
function left() {
  const paths = newProject()
  const log = new RecordingLog()
  const assignment: Assignment = {
    ...{ kind: 'assignment', version: 2, ...REF, file: 'f.ts', input: null },
    ...{ isolation: 'process', start: 'cold', proxy: null, abortGraceMs: 1 },
    trace: { keep: 'on-failure', limitBytes: 50_000_000 },
  }
  return {
    paths,
    log,
    says: (outcome: Outcome, endedAt = 5_000) =>
      writeJsonSync(join(paths.results, 'w1.json'), {
        ...{ kind: 'outcome', version: 1, ...REF, endedAt, outcome, history: [], memoryBytes: 5 },
      }),
    reports: (change: Partial<CrashDocument> = {}) => writeCrashFile(paths.crashes, crash(change)),
    stands: (change: Partial<WorkerDocument> = {}) =>
      writeJsonSync(
        join(paths.workerStates, 'w1.json'),
        workerDocument(assignment, { phase: { ...PHASE, startedAt: 1, deadlineAt: 2 }, ...change }),
      ),
    collect: (change: Partial<Ending> = {}) =>
      collectExited(
        paths,
        {
          ...{ assignment, exit: { code: 1, signal: null }, outputFile: '', stop: null, killed: null },
          ...change,
        },
        NOW,
        log,
      ),
  }
}

const FAILED: Outcome = { status: 'failed', error: errorRecord('bad'), phase: PHASE }

t.test("a worker's own outcome and report count", async t => {
  const { says, reports, stands, collect, paths } = left()
  says(FAILED)
  const file = reports({ error: errorRecord('bad') })
  stands()
  const remains = collect()
  t.strictSame(remains.outcome, FAILED)
  t.match(remains.crash, { document: { writtenBy: 'worker', error: { message: 'bad' } } })
  t.match(remains.member, { ...REF, workflow: undefined, endedAt: 5_000 })
  t.ok(remains.obsolete.includes(file))
  t.equal(readdirSync(paths.crashes).length, 1, 'the report stays until the store has it')
})

t.test('an unreadable outcome does not count as a missing one, so the job is not retried', async t => {
  const { collect, paths } = left()
  mkdirSync(join(paths.results, 'w1.json'))
  t.match(collect({ exit: { code: 0, signal: null } }), {
    outcome: {
      status: 'crashed',
      error: { message: /could not be read: EISDIR.*may be done/, recovery: { retry: 'never' } },
    },
  })
})

t.test('the outcome sent by a worker counts if none could be written', async t => {
  const { collect } = left()
  const outcome: Outcome = { status: 'succeeded', result: 3 }
  const sent: OutcomeDocument = {
    kind: 'outcome',
    version: 1,
    ...REF,
    endedAt: 5,
    outcome,
    history: [],
    memoryBytes: 5,
  }
  t.match(collect({ sent, exit: { code: 70, signal: null } }), { outcome, crash: null })
  const older = collect({ sent: { ...sent, attempt: 2 }, exit: { code: 70, signal: null } })
  t.match(older.outcome, { status: 'crashed' }, 'the outcome of another attempt does not count')
})

t.test('a success leaves no report', async t => {
  const { says, collect } = left()
  says({ status: 'succeeded', result: 3 })
  t.match(collect({ exit: { code: 0, signal: null } }), { outcome: { result: 3 }, crash: null })
})

t.test('a worker that died between its report and its outcome has crashed as it reported', async t => {
  const { reports, collect } = left()
  reports({ error: errorRecord('bad', 'hard-fail'), phase: PHASE })
  t.match(collect({ exit: { code: null, signal: 'SIGKILL' } }), {
    outcome: { status: 'crashed', error: { code: 'hard-fail' }, phase: PHASE },
    crash: { document: { writtenBy: 'worker' } },
  })
})

t.test('Control reports for a silent worker: how and where it ended, with its last lines', async t => {
  const { stands, collect, paths } = left()
  mkdirSync(join(paths.root, 'logs/25-11-2026/workers'), { recursive: true })
  mkdirSync(join(paths.root, 'logs/25-11-2026/crashdumps'))
  const log = 'logs/25-11-2026/workers/job_7_attempt_1_member_1.log'
  const line = { at: 0, level: 'info', source: 'worker', message: 'shop 7' }
  // Line of an earlier job with the same number, from a replaced database.
  const earlier = { ...line, workerId: 'wearlier', message: 'shop 1' }
  writeFileSync(join(paths.root, log), `${JSON.stringify(earlier)}\n${JSON.stringify(line)}\n{"torn`)
  const dump = 'logs/25-11-2026/crashdumps/job_7_attempt_1_member_1.report.json'
  writeFileSync(join(paths.root, dump), '{}')
  stands({ log, url: 'http://shop/', browser: { pid: 1, version: 'Chrome/1', profile: 'p', devtools: null } })
  const outputFile = join(paths.root, 'w1.out')
  writeFileSync(outputFile, 'first\n\n\u001b[31mSegmentation fault\u001b[0m\n')
  const { crash, outcome } = collect({ exit: { code: null, signal: 'SIGSEGV' }, outputFile })
  t.match(outcome, {
    status: 'crashed',
    signal: 'SIGSEGV',
    error: { message: 'The worker ended by SIGSEGV in 4/6 add_step: button Add to cart.' },
  })
  t.match(crash?.document, {
    ...{ writtenBy: 'control', at: NOW, signal: 'SIGSEGV', url: 'http://shop/', browserVersion: 'Chrome/1' },
    lastLines: ['1970-01-01T00:00:00.000Z info shop 7', 'first', '␛Segmentation fault␛'],
    artefacts: [
      { kind: 'workers', path: log },
      { kind: 'crashdumps', path: dump },
    ],
  })
  t.ok(existsSync(join(paths.crashes, crash?.file ?? 'none')), 'it is on disk before the store has it')
})

t.test('a worker killed by an unknown process may have been killed for its memory', async t => {
  const { stands, collect } = left()
  stands()
  const exit = { code: null, signal: 'SIGKILL' }
  const message =
    'The worker ended by SIGKILL in 4/6 add_step: button Add to cart. The system does this when memory is short. Free some memory, or use fewer workers.'
  const { outcome, crash } = collect({ exit })
  t.match(outcome, { error: { message } })
  t.match(crash?.document, { error: { message } })
  const stopped = left().collect({ exit, killed: 'did-not-stop' })
  t.notMatch(stopped, { outcome: { error: { message: /memory/ } } })
})

t.test('the report of a worker that died before its first log line names no log', async t => {
  const { stands, collect } = left()
  stands({ log: 'logs/25-11-2026/workers/job_7_attempt_1_member_1.log' })
  const { crash } = collect({ exit: { code: null, signal: 'SIGKILL' } })
  t.same(crash?.document.artefacts, [])
})

t.test('a silent exit with code 0 is a crash', async t => {
  const { collect } = left()
  t.match(collect({ exit: { code: 0, signal: null } }), {
    outcome: { status: 'crashed', error: { message: /exit code 0 outside its phases/ } },
    crash: { document: { writtenBy: 'control' } },
  })
})

t.test('logs an incomplete report and outcome, and makes a report', async t => {
  const { collect, paths, log } = left()
  writeFileSync(join(paths.crashes, 'job_7_5.json'), '{"kind":"crash","wor')
  writeFileSync(join(paths.results, 'w1.json'), '{"kind":')
  t.match(collect(), { outcome: { status: 'crashed' }, crash: { document: { writtenBy: 'control' } } })
  t.equal(log.lines.filter(line => line.includes('is not JSON')).length, 2)
  t.ok(existsSync(join(paths.crashes, 'unreadable/job_7_5.json')), 'it stays for a person to inspect')
})

t.test("the report of a sibling, or of job 70, is not this worker's", async t => {
  const { reports, collect, says } = left()
  reports({ workerId: 'w2', error: errorRecord('of the sibling') })
  reports({ jobId: 70, error: errorRecord('of another job') })
  says(FAILED)
  const { crash, obsolete } = collect()
  t.match(crash?.document, { workerId: 'w1', writtenBy: 'control', error: { message: 'bad' } })
  t.equal(obsolete.filter(path => path.includes('crashes') && path.endsWith('.json')).length, 1)
})

t.test('reports that a person killed a worker, for the intended part of the job', async t => {
  const exit = { code: null, signal: 'SIGKILL' }
  const { paths, stands, collect } = left()
  stands()
  markKilled(paths, REF, NOW)
  const remains = collect({ exit })
  const message = 'The worker was killed by a person in 4/6 add_step: button Add to cart.'
  t.match(remains, { outcome: { status: 'crashed', error: { code: 'worker-exit', message } } })
  t.match(remains.crash, { document: { error: { message } } })
  t.ok(remains.obsolete.includes(killMarkOf(paths, 'w1')))

  const later = left()
  markKilled(later.paths, { ...REF, attempt: 2 }, NOW)
  t.match(later.collect({ exit }), { outcome: { error: { message: 'ended by SIGKILL' } } })
})

t.test('reports why Control killed a worker', async t => {
  const { collect, stands } = left()
  stands()
  const exit = { code: null, signal: 'SIGKILL' }
  t.match(collect({ exit, killed: 'blocked' }).outcome, {
    status: 'timed-out',
    error: { code: 'phase-timeout', message: /did not respond.*4\/6 add_step/ },
  })
  t.match(left().collect({ exit, killed: 'never-started' }).outcome, {
    status: 'crashed',
    error: { message: /did not start in time/ },
  })
})

t.test("reports a worker that could not start with the system's reason", async t => {
  const exit = await neverStarted(new Error('EAGAIN')).exited
  t.match(left().collect({ exit }), {
    outcome: { status: 'crashed', error: { message: /could not start: EAGAIN/ }, exitCode: null },
    crash: { document: { writtenBy: 'control' } },
  })
})

t.test('a failure after the stop is cancelled without a report, and an earlier one is reported', async t => {
  const { says, reports, collect } = left()
  says(FAILED)
  const file = reports({ at: 5_000 })
  const late = collect({ stop: { reason: 'target-met', askedAt: 4_999 } })
  t.strictSame(late.outcome, { status: 'cancelled', reason: 'target-met', phase: PHASE })
  t.match(late, { crash: null, lateReport: 'bad' })
  t.ok(late.obsolete.includes(file))
  t.match(collect({ stop: { reason: 'shutdown', askedAt: 5_001 } }), {
    outcome: { status: 'failed' },
    lateReport: null,
    crash: { document: { at: 5_000 } },
  })
})

t.test('a worker that stopped on request is cancelled, and so is one that had to be killed', async t => {
  const { collect } = left()
  const stop = { reason: 'shutdown', askedAt: 1 } as const
  t.match(collect({ stop, exit: { code: 0, signal: null } }).outcome, { status: 'cancelled' })
  t.match(collect({ stop, killed: 'did-not-stop', exit: { code: null, signal: 'SIGKILL' } }), {
    outcome: { status: 'cancelled', reason: 'shutdown' },
    crash: null,
    lateReport: /did not stop/,
  })
})

t.test('logs a folder that cannot be written, and still returns the report', async t => {
  const { collect, paths, log, stands } = left()
  stands()
  rmSync(paths.crashes, { recursive: true })
  writeFileSync(join(paths.data, 'crashes'), 'no folder')
  t.match(collect(), { crash: { file: /^job_7_9000_w1\.json$/, document: { writtenBy: 'control' } } })
  t.ok(log.lines.some(line => line.startsWith('warn')))
})
