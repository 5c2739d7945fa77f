import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { collectExited } from '../../../../lib/control/machine/results/collect-result.ts'
import { storeResult } from '../../../../lib/control/machine/results/store-result.ts'
import { AttemptMember } from '../../../../lib/control/machine/workers/attempt.ts'
import { recover } from '../../../../lib/control/machine/recovery/recover.ts'
import { neverStarted } from '../../../../lib/control/machine/workers/worker-process.ts'
import type { CrashReport } from '../../../../lib/model/failure/crash.ts'
import type { Assignment } from '../../../../lib/model/worker/documents.ts'
import { writeJsonSync } from '../../../../lib/files/documents/atomic-json.ts'
import { writeCrashFile } from '../../../../lib/files/documents/crash-file.ts'
import { markBeside, markCrash, readMark } from '../../../../lib/files/notified-marker.ts'
import { FileDatabase } from '../../../../lib/store/engine/database.ts'
import { crash } from '../../../helpers/builders/crash.ts'
import { errorRecord } from '../../../helpers/builders/error-record.ts'
import { runningJob, timedStore } from '../../../helpers/store/job-store.ts'
import { RecordingLog } from '../../../helpers/recording-log.ts'
import { openTestStore } from '../../../helpers/store/project.ts'
import { workerDocument } from '../../../helpers/store/scripted-workers.ts'

const PHASE = { index: 4, count: 6, name: 'add_step', step: 'button Add to cart' }

/**
 * Makes a worker in a step of a running job, and both processes that reconcile its files. Control
 * does so at its exit, and the next Control at its start.
 */
async function fallen(t: Test) {
  const { store, paths, clock } = await timedStore(t)
  const log = new RecordingLog()
  const jobId = await runningJob(store)
  const ref = { workerId: 'w1', jobId, attempt: 1, member: 1, members: 1, workflow: 'fixture' }
  const assignment: Assignment = {
    ...{ kind: 'assignment', version: 2, ...ref, file: 'f.ts', input: null },
    ...{ isolation: 'process', start: 'cold', proxy: null, abortGraceMs: 1 },
    trace: { keep: 'off', limitBytes: 1 },
  }
  const state = workerDocument(assignment, { phase: { ...PHASE, startedAt: 1, deadlineAt: 2 } })
  writeJsonSync(join(paths.workerStates, 'w1.json'), state)
  const deps = { store, paths, clock, log, packer: { pack: () => undefined } }
  const worker = { process: neverStarted('none'), ready: true, killedAt: null, killReason: null }
  const atExit = async () => {
    const exit = { code: null, signal: 'SIGKILL' }
    const ending = { assignment, exit, outputFile: '', stop: null, killed: null }
    const remains = collectExited(paths, ending, 9_000, log)
    await storeResult(deps, new AttemptMember(assignment, worker, 0), remains, () => false)
  }
  const atStart = () => recover(store, deps, [], 9_000)
  const reports = async () => {
    const list = await store.call('crashes.list', {})
    const whole = await Promise.all(list.map(({ id }) => store.call('crashes.read', { id })))
    return whole.filter((one): one is CrashReport => one !== null)
  }
  return {
    ...{ store, paths, log, ref, atExit, atStart, reports },
    writesReport: () =>
      writeCrashFile(paths.crashes, crash({ ...ref, error: errorRecord('bad'), phase: PHASE })),
    /** Returns the remaining files in the folder of crash files. */
    left: () => readdirSync(paths.crashes),
  }
}
type Fallen = Awaited<ReturnType<typeof fallen>>

const OWN = { writtenBy: 'worker', error: { message: 'bad' }, phase: PHASE }
const NOT_NOTIFIED = { channels: [], sure: true }

interface Order {
  readonly name: string
  readonly leaves: (world: Fallen) => unknown
  readonly atExit: object
  /** Equal to `atExit` if absent. */
  readonly atStart?: object | null
  readonly aside?: boolean
}

const ORDERS: readonly Order[] = [
  {
    name: 'died before the file',
    leaves: () => undefined,
    atExit: { writtenBy: 'control', phase: PHASE, signal: 'SIGKILL', notifiedBy: NOT_NOTIFIED },
    // The console died with the worker, so the job is interrupted and not reported as failed.
    atStart: null,
  },
  {
    name: 'file without mark',
    leaves: world => world.writesReport(),
    atExit: { ...OWN, notifiedBy: NOT_NOTIFIED },
  },
  {
    name: 'message sent but killed before the mark',
    leaves: world => markCrash(world.writesReport(), 'sending', 'telegram', 5),
    atExit: { ...OWN, notifiedBy: { channels: ['telegram'], sure: false } },
  },
  {
    name: 'file, message and mark',
    leaves: world => markCrash(world.writesReport(), 'sent', 'telegram', 5),
    atExit: { ...OWN, notifiedBy: { channels: ['telegram'], sure: true } },
  },
  {
    name: 'an incomplete mark',
    leaves: world => writeFileSync(markBeside(world.writesReport()), '{"kind":"cra'),
    atExit: { ...OWN, notifiedBy: { channels: [], sure: false } },
  },
  {
    name: 'an outcome whose report could not be written',
    leaves: ({ paths, ref }) =>
      writeJsonSync(join(paths.results, 'w1.json'), {
        ...{ kind: 'outcome', version: 1, ...ref, endedAt: 8_000, history: [], memoryBytes: 1 },
        outcome: { status: 'failed', error: errorRecord('bad'), phase: PHASE },
      }),
    atExit: { writtenBy: 'control', error: { message: 'bad' }, phase: PHASE },
  },
  {
    name: 'an incomplete file',
    leaves: ({ paths, ref }) => writeFileSync(join(paths.crashes, `job_${ref.jobId}_5.json`), '{"kind":"cra'),
    atExit: { writtenBy: 'control', phase: PHASE, signal: 'SIGKILL' },
    atStart: {
      writtenBy: 'control',
      at: 5,
      attempt: 1,
      member: 1,
      workflow: 'fixture',
      error: { message: /is not JSON/ },
    },
    aside: true,
  },
  {
    name: 'a file of an unknown version',
    leaves: ({ paths, ref }) =>
      writeJsonSync(join(paths.crashes, `job_${ref.jobId}_5.json`), {
        ...{ kind: 'crash', version: 9, ...ref, at: 6, error: { message: 'no such button', new: 'field' } },
      }),
    atExit: { writtenBy: 'control', phase: PHASE, signal: 'SIGKILL' },
    atStart: {
      workerId: 'w1',
      at: 6,
      error: { message: /Another version.*It contains the message: no such button/ },
    },
    aside: true,
  },
]

for (const { name, leaves, atExit, atStart = atExit, aside = false } of ORDERS) {
  t.test(`${name}: one report at the worker's exit, and no other at the next start`, async t => {
    const world = await fallen(t)
    leaves(world)
    await world.atExit()
    t.match(await world.reports(), [atExit])
    t.strictSame(world.left(), aside ? ['unreadable'] : [])
    await world.atStart()
    t.equal((await world.reports()).length, 1)
  })

  t.test(
    `${name}, console dead before: ${atStart === null ? 'no' : 'one'} report at the next start`,
    async t => {
      const world = await fallen(t)
      leaves(world)
      await world.atStart()
      t.match(await world.reports(), atStart === null ? [] : [atStart])
      t.strictSame(world.left(), aside ? ['unreadable'] : [])
      await world.atStart()
      t.equal((await world.reports()).length, atStart === null ? 0 : 1)
    },
  )
}

t.test('the last mark before the exit counts', async t => {
  const world = await fallen(t)
  const file = world.writesReport()
  markCrash(file, 'sending', 'telegram', 5)
  markCrash(file, 'sent', 'telegram', 6)
  await world.atExit()
  t.match(await world.reports(), [{ ...OWN, notifiedBy: { channels: ['telegram'], sure: true } }])
})

t.test('the mark of a worker of an earlier version counts', async t => {
  const world = await fallen(t)
  const file = world.writesReport()
  const mark = { kind: 'crash-mark', version: 1, state: 'told', channel: 'telegram', at: 5 }
  writeJsonSync(markBeside(file), mark)
  t.same(readMark(file), { channels: ['telegram'], sure: true })
  writeJsonSync(markBeside(file), { ...mark, state: 'telling' })
  t.same(readMark(file), { channels: ['telegram'], sure: false })
})

t.test('a console death between the store and the removal: the known file is removed', async t => {
  const world = await fallen(t)
  const file = world.writesReport()
  await world.store.call('crashes.record', { file: 'job_1_1000.json', document: crash({ ...world.ref }) })
  await world.atStart()
  t.equal((await world.reports()).length, 1)
  t.notOk(existsSync(file))
})

t.test('keeps the report of a dead worker for a job whose row was damaged', async t => {
  const { store, paths, log, ref, writesReport } = await fallen(t)
  writesReport()
  await store.close()
  const db = await FileDatabase.open(paths.database)
  db.run('UPDATE jobs SET retries = -5')
  db.close()
  const next = await openTestStore(t, paths, 'scheduler')
  await recover(next, { paths, log, packer: { pack: () => undefined } }, [], 9_000)
  t.match(await next.call('crashes.list', {}), [{ jobId: ref.jobId, workerId: 'w1', message: 'bad' }])
  t.match(await next.call('jobs.counts', {}), { failed: 1 })
})

t.test('removes a mark without its file', async t => {
  const world = await fallen(t)
  markCrash(join(world.paths.crashes, 'job_1_1000.json'), 'sent', 'telegram', 5)
  await world.atStart()
  t.strictSame(world.left(), [])
  t.strictSame(await world.reports(), [])
})
