import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { LogRetention } from '../../lib/control/retention/log-retention.ts'
import { newProject } from '../helpers/project.ts'
import { KeptLog } from '../helpers/kept-log.ts'

const DAY_MS = 24 * 60 * 60_000
const ROUND_MS = 10 * 60_000

/** Noon: days of 23 and 25 hours change nothing. */
const NOW = new Date(2026, 10, 25, 12).getTime()

function world() {
  const paths = newProject()
  const day = (daysAgo: number) => {
    const file = join(paths.logs('workers', new Date(NOW - daysAgo * DAY_MS)), 'job.log')
    writeFileSync(file, Buffer.alloc(1_000))
    return join(file, '../..')
  }
  const days = [0, 1, 2, 3, 4].map(day)
  const log = new KeptLog()
  const left = () => days.flatMap((folder, daysAgo) => (existsSync(folder) ? [daysAgo] : []))
  const retention = (keepDays: number, limitBytes: number) =>
    new LogRetention({ paths, log, keepMs: keepDays * DAY_MS, limitBytes })
  return { paths, log, left, retention, days }
}

t.test('the logs of days that were over long ago go, and what a person put beside them stays', async t => {
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

t.test('of too many logs the oldest days go, and never today', async t => {
  const { left, retention, log } = world()
  t.equal(await retention(30, 5_000).round(NOW), 0)
  t.equal(await retention(30, 2_500).round(NOW), 3)
  t.strictSame(left(), [0, 1])
  t.strictSame(log.lines, [])
  const tight = retention(30, 500)
  t.equal(await tight.round(NOW), 1)
  await tight.round(NOW + ROUND_MS)
  t.strictSame(left(), [0])
  t.equal(log.lines.length, 1, 'said once')
  t.match(log.lines[0], /today alone .*logsMegabytes/)
})
