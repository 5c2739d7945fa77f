import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { NO_LIMITS } from '../../../lib/control/decide/concurrency.ts'
import { ClockWatch } from '../../../lib/control/clock/clock-watch.ts'
import { decide } from '../../../lib/control/decide/decide.ts'
import { LogRetention } from '../../../lib/control/machine/maintenance/log-retention.ts'
import type { SchedulerView } from '../../../lib/control/decide/scheduler-view.ts'
import { tidying } from '../../../lib/control/tidying.ts'
import { FakeClock } from '../../helpers/fake-clock.ts'
import { enqueue, jobIn, runningJob, timedStore } from '../../helpers/store/job-store.ts'
import { RecordingLog } from '../../helpers/recording-log.ts'
import { newProject } from '../../helpers/store/project.ts'
import { member, run } from '../../helpers/builders/attempt.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const JUMPS = [HOUR_MS, DAY_MS, 30 * DAY_MS]

t.test('logs a jump once, and ignores corrections by time synchronisation', async t => {
  const clock = new FakeClock()
  const log = new RecordingLog()
  const setBack: number[] = []
  const watch = new ClockWatch(clock, log, { onSetBack: ms => setBack.push(ms) })
  clock.advance(10 * DAY_MS)
  clock.jump(30_000)
  t.equal(watch.check(), 0)
  clock.jump(-30_000)
  t.notOk(watch.rests)
  t.strictSame(log.lines, [])
  for (const byMs of JUMPS.flatMap(ms => [ms, -ms])) {
    const before = log.lines.length
    clock.jump(byMs)
    t.equal(watch.check(), byMs)
    t.equal(watch.check(), 0)
    t.ok(watch.rests)
    t.equal(log.lines.length, before + 1)
    t.match(log.lines.at(-1), byMs > 0 ? /clock jumped forward by/ : /clock jumped back by/)
  }
  t.strictSame(setBack, JUMPS)
  t.match(log.lines[0], 'by 1 h, from')
  t.match(log.lines[2], 'by 1 d, from')
  clock.advance(HOUR_MS - 1)
  t.ok(watch.rests)
  clock.advance(1)
  t.notOk(watch.rests, 'the rest ends an hour after the last jump')
})

for (const byMs of JUMPS) {
  t.test(`removes nothing by age after a jump of ${byMs / HOUR_MS} h, forward and back`, async t => {
    const { store, clock, paths } = await timedStore(t)
    clock.advance(Date.now())
    const log = new RecordingLog()
    const clockWatch = new ClockWatch(clock, log)
    const keepMs = 10 * DAY_MS
    const edge = clock.now() - keepMs
    const logs = paths.logs('workers', new Date(edge + DAY_MS))
    const report = join(paths.reports, 'job_1.html')
    const profile = join(paths.profiles, 'mine')
    mkdirSync(profile)
    for (const file of [join(logs, 'job.log'), report]) writeFileSync(file, 'x')
    for (const path of [report, profile]) utimesSync(path, edge / 1_000 + 60, edge / 1_000 + 60)
    clock.jump(-keepMs + 60_000)
    clockWatch.check()
    const id = await jobIn(store, 'succeeded')
    clock.jump(keepMs - 60_000)
    clockWatch.check()
    clock.advance(HOUR_MS)
    t.equal(await enqueue(store), id + 1)
    const round = tidying({
      ...{ paths, clock, log, store, clockWatch },
      logsInUse: () => ({ days: [], stems: [] }),
      ...{ keepLogsMs: keepMs + HOUR_MS, keepJobsMs: keepMs + HOUR_MS },
      ...{
        logsLimitBytes: 1e9,
        tracesLimitBytes: 1e9,
        backupFolder: join(paths.root, 'backups'),
        keepBackups: 0,
      },
    })
    const left = async () => [
      ...[logs, report, profile].map(existsSync),
      (await store.call('jobs.list', {})).length,
    ]
    for (const ms of [byMs, -byMs]) {
      clock.jump(ms)
      await round()
      clock.advance(HOUR_MS / 4)
      await round()
      t.strictSame(await left(), [true, true, true, 2])
    }
  })

  t.test(`a jump of ${byMs / HOUR_MS} h, forward and back, ends no swarm`, async t => {
    for (const ms of [byMs, -byMs]) {
      const view: SchedulerView = {
        mode: 'scheduling',
        ...{ urgent: false, writableSince: 0, slots: 4, warm: 0, warmAfter: 0 },
        ...{ recycle: { jobs: 100, bytes: 1 }, workers: [], needs: new Map(), claimable: [] },
        ...{ limits: NO_LIMITS, runs: [run([member({})], { deadlineAt: 5_000, deadlineMs: 5_000 })] },
      }
      const now = Date.now() + ms
      t.strictSame(decide(view, { now, monotonic: 4_999 }), { actions: [], wakeAt: now + 1 })
      t.match(decide(view, { now, monotonic: 5_000 }).actions, [{ type: 'stop', reason: 'deadline' }])
    }
  })
}

t.test('removes logs again after the clock was set back', async t => {
  const paths = newProject()
  const now = new Date(2026, 10, 25, 12).getTime()
  const retention = new LogRetention({
    ...{ paths, log: new RecordingLog(), keepMs: DAY_MS, limitBytes: 1e9 },
    inUse: () => ({ days: [], stems: [] }),
  })
  await retention.round(now + 30 * DAY_MS)
  const old = paths.logs('workers', new Date(now - 5 * DAY_MS))
  t.equal(await retention.round(now), 1)
  t.notOk(existsSync(old))
})

for (const byMs of JUMPS) {
  t.test(`setting the clock back by ${byMs / HOUR_MS} h delays no job`, async t => {
    const { store, clock } = await timedStore(t)
    clock.advance(365 * DAY_MS)
    const claimable = async () =>
      (await store.call('jobs.claimable', { limit: 10 }))
        .filter(({ dueAt }) => dueAt <= clock.now())
        .map(({ id }) => id)
        .toSorted()
    const [queued, running, retrying] = [
      await enqueue(store),
      await runningJob(store),
      await runningJob(store),
    ]
    const dueAt = clock.now() + 60_000
    await store.call('jobs.finish', { id: retrying, attempt: 1, state: 'retrying', dueAt })
    clock.jump(-byMs)
    t.strictSame(await claimable(), [], 'a job due in the future is not claimed')

    t.strictSame(await store.call('clock.setBack', { byMs }), { jobs: 3 })
    t.strictSame(await claimable(), [queued])
    await store.call('jobs.finish', { id: running, attempt: 1, state: 'interrupted' })
    t.strictSame(await claimable(), [queued, running])
    clock.advance(60_000)
    t.strictSame(await claimable(), [queued, running, retrying], 'a pause before a retry keeps its length')

    clock.jump(-byMs)
    t.strictSame(await claimable(), [])
    await store.call('clock.setBack', { byMs: 0 })
    t.strictSame(await claimable(), [queued, running, retrying], 'the jobs are due at a start')
  })
}
