import { existsSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { checkClockAtStart } from '../../../lib/control/clock/clock-at-start.ts'
import { ClockWatch } from '../../../lib/control/clock/clock-watch.ts'
import { tidying } from '../../../lib/control/tidying.ts'
import { jobIn, timedStore } from '../../helpers/store/job-store.ts'
import { RecordingLog } from '../../helpers/recording-log.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

/** Makes a project with a day of logs and an ended job, both due for removal in one hour. */
async function oldProject(t: Pick<Test, 'teardown'>) {
  const { store, clock, paths } = await timedStore(t)
  const log = new RecordingLog()
  clock.jump(Date.UTC(2026, 10, 30))
  await jobIn(store, 'succeeded')
  const logs = paths.logs('workers', new Date(clock.now()))
  const file = join(logs, 'job.log')
  writeFileSync(file, 'x')
  // The real clock may be ahead of this one.
  utimesSync(file, clock.now() / 1000, clock.now() / 1000)
  clock.jump(30 * DAY_MS - HOUR_MS)
  const endedAt = clock.now()
  /** Starts the next scheduler, which checks the clock from its start on. */
  const start = async () => {
    const clockWatch = new ClockWatch(clock, log)
    clockWatch.gaps = await checkClockAtStart({ store, clock, log, ranAt: endedAt })
    return clockWatch
  }
  const left = async (clockWatch: ClockWatch) => {
    await tidying({
      ...{ paths, clock, log, store, clockWatch, logsInUse: () => ({ days: [], stems: [] }) },
      ...{ keepLogsMs: 30 * DAY_MS, keepJobsMs: 30 * DAY_MS, logsLimitBytes: 1e9, tracesLimitBytes: 1e9 },
      ...{ backupFolder: join(paths.root, 'backups'), keepBackups: 0 },
    })()
    return { logs: existsSync(logs), jobs: (await store.call('jobs.list', {})).length }
  }
  return { store, clock, log, start, left }
}

for (const days of [30, 3_650]) {
  t.test(`removes nothing by age if the clock is ${days} days ahead at the start`, async t => {
    const { clock, log, start, left } = await oldProject(t)
    clock.jump(days * DAY_MS)
    const watch = await start()
    t.equal(log.lines.length, 1)
    t.match(log.lines[0], `No scheduler ran for ${days} d, from`)
    t.strictSame(await left(watch), { logs: true, jobs: 1 })
    clock.advance(HOUR_MS / 2)
    t.strictSame(await left(watch), { logs: true, jobs: 1 })
    t.strictSame(await left(await start()), { logs: true, jobs: 1 }, 'the next start knows the gap')
    clock.advance(2 * DAY_MS)
    t.strictSame(await left(watch), { logs: false, jobs: 0 }, 'the time while a scheduler runs counts')
  })
}

t.test('a jump of 30 days while a scheduler runs removes nothing after the hour of rest', async t => {
  const { clock, start, left } = await oldProject(t)
  const watch = await start()
  clock.jump(30 * DAY_MS)
  watch.check()
  clock.advance(HOUR_MS - 60_000)
  t.ok(watch.rests)
  clock.advance(60_000)
  t.notOk(watch.rests)
  t.strictSame(await left(watch), { logs: true, jobs: 1 })
  clock.advance(2 * DAY_MS)
  t.strictSame(await left(watch), { logs: false, jobs: 0 })
})

t.test('trusts the clock of a project that rested for less than a week', async t => {
  const { clock, log, start, left } = await oldProject(t)
  clock.jump(6 * DAY_MS)
  t.strictSame(await left(await start()), { logs: false, jobs: 0 })
  t.strictSame(log.lines, [])
})

t.test('logs a clock that was set back since the last scheduler ran', async t => {
  const { clock, log, start } = await oldProject(t)
  clock.jump(-30 * DAY_MS)
  await start()
  t.equal(log.lines.length, 1)
  t.match(log.lines[0], 'The clock was set back by 30 d or more since a scheduler last ran')
})

t.test('uses the newest record if the document of the last scheduler is missing', async t => {
  const { store, clock } = await timedStore(t)
  const log = new RecordingLog()
  const check = () => checkClockAtStart({ store, clock, log, ranAt: undefined })
  t.strictSame(await check(), [], 'a new project has no records')
  await jobIn(store, 'succeeded')
  const from = clock.now()
  clock.jump(8 * DAY_MS)
  t.strictSame(await check(), [{ from, to: clock.now() }])
  clock.jump(-7 * DAY_MS)
  t.strictSame(await check(), [{ from, to: from + 8 * DAY_MS }])
  clock.jump(8 * DAY_MS)
  t.strictSame(await check(), [
    { from, to: from + 8 * DAY_MS },
    { from, to: clock.now() },
  ])
})
