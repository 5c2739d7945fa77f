import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { recover } from '../../../../lib/control/machine/recovery/recover.ts'
import { janitorService } from '../../../../lib/control/machine/maintenance/janitor-service.ts'
import { sweep } from '../../../../lib/control/machine/maintenance/cleanup.ts'
import { recoverRecordings } from '../../../../lib/control/machine/recovery/recover-recordings.ts'
import { TracePacker } from '../../../../lib/control/machine/results/trace-packer.ts'
import { launchFile } from '../../../../lib/control/machine/workers/worker-process.ts'
import type { ProjectPaths } from '../../../../lib/core/process/paths.ts'
import type { WorkerDocument } from '../../../../lib/model/worker/documents.ts'
import { writeJsonSync } from '../../../../lib/files/documents/atomic-json.ts'
import { writeCrashFile } from '../../../../lib/files/documents/crash-file.ts'
import { recordingOf } from '../../../../lib/files/trace/recording.ts'
import { identifyProcess } from '../../../../lib/platform/process/process-identity.ts'
import { alive, untilGone } from '../../../helpers/processes/alive.ts'
import { crash } from '../../../helpers/builders/crash.ts'
import { FakeClock } from '../../../helpers/fake-clock.ts'
import { runningJob, timedStore } from '../../../helpers/store/job-store.ts'
import { RecordingLog } from '../../../helpers/recording-log.ts'
import { newProject } from '../../../helpers/store/project.ts'
import { LAUNCH_DOCUMENT } from '../../../helpers/builders/samples.ts'
import { workerDocument } from '../../../helpers/store/scripted-workers.ts'
import { until } from '../../../helpers/until.ts'

const REF = { jobId: 1, attempt: 1, member: 1, members: 1, workflow: 'fixture' }

/** First line of the recording of a worker that died directly after it. */
const HEAD = {
  ...{ ...REF, workerId: 'w1', type: 'head', version: 1, startedAt: 1, at: 0 },
  ...{ browser: 'Chrome/1', platform: 'linux', viewport: { width: 1, height: 1 } },
}

/** Writes a worker's document, and creates its profile if `profile` is given. */
function worker(paths: ProjectPaths, workerId: string, change: Partial<WorkerDocument>, profile?: string) {
  const browser =
    profile === undefined
      ? null
      : { pid: 1, version: 'x', profile: join('data/profiles', profile), devtools: null }
  if (profile !== undefined) mkdirSync(join(paths.profiles, profile))
  writeJsonSync(
    join(paths.workerStates, `${workerId}.json`),
    workerDocument({ ...REF, workerId, start: 'cold' }, { browser, ...change }),
  )
}

t.test('sweeps old remains, and keeps what is alive, starting or used elsewhere', async t => {
  const paths = newProject()
  const log = new RecordingLog()
  const now = Date.now()
  worker(paths, 'w1', { state: 'exited', updatedAt: now - 16_000 }, 'chrome_ended')
  worker(paths, 'w2', { state: 'exited', updatedAt: now - 1_000 }, 'chrome_just_ended')
  worker(paths, 'w3', { state: 'busy', updatedAt: now - 9_000_000 }, 'chrome_living')
  mkdirSync(join(paths.profiles, 'chrome_just_starting'))
  mkdirSync(join(paths.profiles, 'chrome_of_nobody'))
  const yesterday = now / 1000 - 25 * 3600
  utimesSync(join(paths.profiles, 'chrome_of_nobody'), yesterday, yesterday)
  utimesSync(join(paths.profiles, 'chrome_living'), yesterday, yesterday)
  writeFileSync(join(paths.workerStates, 'w4.json'), 'broken')
  const halfWritten = join(paths.workerStates, '.w5.json.77.1.tmp')
  for (const path of [halfWritten, join(paths.crashes, '.job_7_1.claim')]) {
    writeFileSync(path, '{"ki')
    utimesSync(path, yesterday, yesterday)
  }
  writeFileSync(join(paths.crashes, '.job_7_2.claim'), '')
  t.equal(sweep(paths, now, log), 6)
  t.strictSame(readdirSync(paths.crashes), ['.job_7_2.claim'], 'its writer may still be active')
  t.strictSame(readdirSync(paths.profiles).sort(), ['chrome_just_starting', 'chrome_living'])
  t.strictSame(readdirSync(paths.workerStates).sort(), ['unreadable', 'w2.json', 'w3.json'])
  t.strictSame(readdirSync(join(paths.workerStates, 'unreadable')), ['w4.json'], 'for a person to inspect')
  sweep(paths, now, log)
  t.equal(log.lines.length, 1, 'it is logged once')
  t.match(log.lines, [/w4\.json is not JSON.*The file is now in the folder "unreadable" there/])
})

t.test('reports a failed round of the janitor, and still starts the next one', async t => {
  const clock = new FakeClock()
  let broken = true
  const janitor = janitorService(clock, () =>
    broken ? Promise.reject(new Error('too many open files')) : Promise.resolve(2),
  )
  await janitor.start(() => t.fail('the janitor continues'))
  t.strictSame(janitor.doing(), { what: 'trouble', message: 'too many open files' })
  broken = false
  clock.advance(5_000)
  t.strictSame(await until('the next round', () => janitor.doing()?.what === 'swept' && janitor.doing()), {
    what: 'swept',
    count: 2,
  })
  await janitor.stop('stop')
  t.equal(clock.waiting, 0)
})

t.test('a stop of the janitor waits for its round, and a restart has only one timer', async t => {
  const clock = new FakeClock()
  const heard: string[] = []
  let round = Promise.withResolvers<number>()
  const janitor = janitorService(clock, () => {
    heard.push('sweeps')
    return round.promise
  })
  round.resolve(0)
  await janitor.start(() => t.fail('the janitor continues'))
  round = Promise.withResolvers<number>()
  clock.advance(5_000)
  const stopped = janitor.stop('stop').then(() => heard.push('stopped'))
  const restarted = stopped.then(() => janitor.start(() => t.fail('the janitor continues')))
  // Ends the round later than a stop that did not wait for the round.
  setImmediate(() => {
    heard.push('ends')
    round.resolve(0)
  })
  await restarted
  t.strictSame(heard, ['sweeps', 'sweeps', 'ends', 'stopped', 'sweeps'])
  t.equal(clock.waiting, 1)
  await janitor.stop('stop')
  t.equal(clock.waiting, 0)
})

t.test('a new scheduler ends the remaining processes of an earlier one, and keeps its results', async t => {
  const { store, paths } = await timedStore(t)
  const log = new RecordingLog()
  const id = await runningJob(store)
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  const pid = child.pid ?? 0
  t.teardown(() => child.kill('SIGKILL'))
  const identity = identifyProcess(pid)
  const us = { pid: process.pid, started: 'in-another-life' }
  worker(paths, 'w1', { processes: identity === undefined ? [] : [identity, us] }, 'chrome_left')
  mkdirSync(join(paths.profiles, 'chrome_foreground'))
  writeCrashFile(paths.crashes, crash({ jobId: id, members: 1 }))
  const recording = recordingOf(paths.recordings, `job_${id}_attempt_1_member_1`)
  writeFileSync(recording.lines, `${JSON.stringify(HEAD)}\n`)
  writeFileSync(join(paths.crashes, 'job_1_2.json'), '{"half":')
  writeFileSync(join(paths.crashes, '.job_1_3.claim'), '')
  writeFileSync(join(paths.workerStates, '.w1.json.77.1.tmp'), '{"ki')
  writeFileSync(join(paths.assignments, 'w1.json'), '{}')
  const outcome = { status: 'succeeded', result: 5 }
  writeJsonSync(join(paths.results, 'w1.json'), {
    ...{
      kind: 'outcome',
      version: 1,
      ...REF,
      workerId: 'w1',
      jobId: id,
      members: 2,
      endedAt: 5,
      outcome,
      history: [],
      memoryBytes: 0,
    },
  })
  const packer = new TracePacker(log)
  await recover(store, { paths, log, packer }, [], 1_000)
  await recoverRecordings(store, { paths, log, packer }, 1_000)
  await packer.idle()
  await untilGone([pid])
  t.match(await store.call('jobs.read', { id }), { state: 'interrupted', schedulerDeaths: 1 })
  const reports = await store.call('crashes.list', {})
  t.match(
    reports.find(({ errorName }) => errorName === 'UnreadableReport'),
    { jobId: id, member: 2, message: /not JSON/ },
    'another crash is recorded',
  )
  const report = reports.find(({ errorName }) => errorName !== 'UnreadableReport')
  t.match(report, { jobId: id, artefacts: [{ kind: 'traces' }] })
  t.ok(existsSync(join(paths.root, report?.artefacts[0]?.path ?? '')), 'the trace that it names exists')
  t.strictSame(readdirSync(paths.recordings), [])
  t.match(await store.call('members.list', { jobId: id }), [{ workerId: 'w1', outcome }])
  t.strictSame(readdirSync(paths.crashes), ['unreadable'])
  t.strictSame(readdirSync(join(paths.crashes, 'unreadable')), ['job_1_2.json'], 'an unreadable file stays')
  t.strictSame(
    [paths.workerStates, paths.assignments, paths.results].flatMap(folder => readdirSync(folder)),
    [],
  )
  t.strictSame(readdirSync(paths.profiles), ['chrome_foreground'])
  t.ok(existsSync(paths.database))
  await recover(store, { paths, log, packer }, [], 1_000)
  t.strictSame(
    log.lines.filter(line => line.includes('could not be packed')),
    [],
  )
  t.equal((await store.call('crashes.list', {})).length, 2)
})

t.test("the scheduler of a copied project leaves the original's workers alive", async t => {
  const original = newProject()
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  const pid = child.pid ?? 0
  t.teardown(() => child.kill('SIGKILL'))
  const identity = identifyProcess(pid)
  worker(original, 'w1', { processes: identity === undefined ? [] : [identity] })
  writeJsonSync(launchFile(original, 'w1'), { ...LAUNCH_DOCUMENT, root: original.root })
  const copy = newProject()
  cpSync(original.root, copy.root, { recursive: true })
  const log = new RecordingLog()
  const evidence = { log, packer: { pack: () => undefined } }
  const { store } = await timedStore(t, copy)
  await recover(store, { ...evidence, paths: copy }, [], 1_000)
  t.strictSame(alive([pid]), [pid])
  t.strictSame(readdirSync(copy.workerStates), [], 'the copy does not list them')
  t.strictSame(log.lines, [])
  const { store: own } = await timedStore(t, original)
  await recover(own, { ...evidence, paths: original }, [], 1_000)
  await untilGone([pid])
})
