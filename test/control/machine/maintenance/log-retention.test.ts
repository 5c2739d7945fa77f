import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import t from 'tap'
import { LogRetention } from '../../../../lib/control/machine/maintenance/log-retention.ts'
import { ProjectPaths } from '../../../../lib/core/process/paths.ts'
import type { LogsInUse } from '../../../../lib/control/machine/maintenance/log-retention.ts'
import { newFolder } from '../../../helpers/store/project.ts'
import { RecordingLog } from '../../../helpers/recording-log.ts'

const DAY_MS = 24 * 60 * 60_000
const ROUND_MS = 10 * 60_000

/** Noon, so that days of 23 and 25 hours change nothing. */
const NOW = new Date(2026, 10, 25, 12).getTime()

function world(count = 5) {
  // The folder's name contains the name of the worker.
  const root = join(newFolder(), 'w1 of a shop')
  mkdirSync(root)
  const paths = new ProjectPaths(root)
  const day = (daysAgo: number) => {
    const at = new Date(NOW - daysAgo * DAY_MS)
    const file = join(paths.logs('workers', at), 'job.log')
    writeFileSync(file, Buffer.alloc(1_000))
    utimesSync(file, at, at)
    return join(file, '../..')
  }
  const days = Array.from({ length: count }, (_, daysAgo) => day(daysAgo))
  const log = new RecordingLog()
  const left = () => days.flatMap((folder, daysAgo) => (existsSync(folder) ? [daysAgo] : []))
  const retention = (keepDays: number, limitBytes: number, inUse: LogsInUse = { days: [], stems: [] }) =>
    new LogRetention({ paths, log, keepMs: keepDays * DAY_MS, limitBytes, inUse: () => inUse })
  return { paths, log, left, retention, days }
}

t.test('removes the logs of days long over, and keeps files of a person next to them', async t => {
  const { paths, left, retention, days } = world()
  const own = join(paths.root, 'logs', 'mine')
  mkdirSync(own)
  const report = join(paths.reports, 'job_1.html')
  const young = join(paths.reports, 'job_2.html')
  for (const file of [report, young]) writeFileSync(file, 'x')
  const old = (NOW - 3 * DAY_MS) / 1_000
  utimesSync(report, old, old)
  const two = retention(2, 1e9)
  t.equal(await two.round(NOW), 3, 'two days and a report')
  t.strictSame(left(), [0, 1, 2])
  t.strictSame([own, report, young].map(existsSync), [true, false, true])
  mkdirSync(days[4] ?? '')
  t.equal(await two.round(NOW + ROUND_MS - 1), 0, 'the folders are not read all the time')
  t.equal(await two.round(NOW + ROUND_MS), 1)
})

t.test('removes the oldest days of too many logs, and then the oldest files of today', async t => {
  const { left, retention, log, days, paths } = world()
  t.equal(await retention(30, 5_000).round(NOW), 0)
  t.equal(await retention(30, 2_500).round(NOW), 3)
  t.strictSame(left(), [0, 1])
  const older = join(paths.logs('chrome', new Date(NOW)), 'older.log')
  writeFileSync(older, Buffer.alloc(1_000))
  utimesSync(older, 1, 1)
  t.equal(await retention(30, 1_500).round(NOW), 2, 'yesterday and the older file')
  t.notOk(existsSync(older))
  t.ok(existsSync(join(days[0] ?? '', 'workers/job.log')))
  t.strictSame(log.lines, [])
})

t.test("keeps files in use, and no file of the workers' days is removed before its age", async t => {
  const { left, retention, log, days, paths } = world()
  const began = basename(days[2] ?? '')
  const inUse = { days: [began], stems: ['w1', 'worker_w1', 'job_7_attempt_1_member_1'] }
  const today = new Date(NOW)
  const used = [
    join(paths.logs('workers', today), 'w1.out'),
    join(paths.logs('chrome', today), 'worker_w1_chrome_1.log'),
    join(paths.logs('chrome', today), 'job_7_attempt_1_member_1.log'),
    join(paths.logs('console', today), 'console.log'),
  ]
  const ended = join(paths.logs('chrome', today), 'job_6_attempt_1_member_1.log')
  for (const file of [...used, ended]) writeFileSync(file, Buffer.alloc(1_000))
  t.equal(await retention(1, 1e9, inUse).round(NOW), 3, 'two days, and a file of the day on which it began')
  t.strictSame(left(), [0, 1, 2])
  const tight = retention(30, 500, inUse)
  t.equal(await tight.round(NOW), 3, 'all files of ended jobs')
  await tight.round(NOW + ROUND_MS)
  t.strictSame(left(), [0, 1, 2])
  t.strictSame([...used, ended].map(existsSync), [true, true, true, true, false])
  t.equal(log.lines.length, 1, 'logged once')
  t.match(log.lines[0], /running jobs alone exceed maxLogs/)
})

t.test('a long-lived worker keeps its first day and the files that it writes to', async t => {
  const { left, retention, days, paths } = world(100)
  const inUse = { days: [basename(days[90] ?? '')], stems: ['w1', 'job_7_attempt_1_member_1'] }
  const restarted = new Date(NOW - 60 * DAY_MS)
  const output = join(days[90] ?? '', 'workers', 'w1.out')
  const browser = join(paths.logs('chrome', restarted), 'job_7_attempt_1_member_1.log')
  const picture = join(paths.logs('screenshots', restarted), 'job_7_attempt_1_member_1_phase_1_look.png')
  for (const file of [output, browser, picture]) {
    writeFileSync(file, 'x')
    utimesSync(file, restarted, restarted)
  }
  await retention(30, 1e9, inUse).round(NOW)
  t.strictSame(left(), [...Array.from({ length: 31 }, (_, daysAgo) => daysAgo), 60, 90])
  t.strictSame([output, browser, picture].map(existsSync), [true, true, false])
  t.notOk(existsSync(join(days[90] ?? '', 'workers', 'job.log')), 'a job of that day that has ended')
})

t.test('the log of a long job stays for its own age, not that of its first day', async t => {
  const { left, retention, days } = world()
  const log = join(days[4] ?? '', 'workers', 'job_7_attempt_1_member_1.log')
  const written = new Date(NOW - DAY_MS / 2)
  writeFileSync(log, 'it failed')
  utimesSync(log, written, written)
  const one = retention(1, 1e9)
  await one.round(NOW)
  t.strictSame(left(), [0, 1, 4])
  t.ok(existsSync(log))
  await one.round(NOW + DAY_MS)
  t.notOk(left().includes(4))
})
