import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { DailyBackup } from '../../lib/control/retention/daily-backup.ts'
import { backupPath, listBackups, newestGoodBackup } from '../../lib/store/restore/backups.ts'
import { KeptLog } from '../helpers/kept-log.ts'
import { timedStore } from '../helpers/job-store.ts'
import { newFolder } from '../helpers/project.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

const clockWatch = { gaps: [] }

t.test('a backup is made each day, seven are kept, and other files stay', async t => {
  const { store, clock } = await timedStore(t)
  const log = new KeptLog()
  const backupFolder = join(newFolder(), 'new', 'backups')
  const backups = new DailyBackup({ store, clock, clockWatch, log, backupFolder, keepBackups: 7 })
  await backups.round()
  t.equal(listBackups(backupFolder, clock.now()).length, 0, 'none of a new database')
  clock.advance(DAY_MS)
  t.equal(await backups.round(), 0)
  t.equal(listBackups(backupFolder, clock.now()).length, 1)
  clock.advance(DAY_MS - 1)
  await backups.round()
  t.equal(listBackups(backupFolder, clock.now()).length, 1, 'none before a day has passed')
  writeFileSync(join(backupFolder, 'mine.db'), 'a file of the user')
  let removed = 0
  for (let day = 0; day < 8; day += 1) {
    clock.advance(DAY_MS)
    removed += await backups.round()
  }
  t.equal(removed, 2)
  const kept = listBackups(backupFolder, clock.now())
  t.equal(kept.length, 7)
  t.strictSame(readdirSync(backupFolder).length, 8)
  t.strictSame(log.lines, [])

  t.equal(await newestGoodBackup(backupFolder, clock.now()), kept[0]?.path)
  writeFileSync(kept[0]?.path ?? '', 'damaged since then')
  t.equal(await newestGoodBackup(backupFolder, clock.now()), kept[1]?.path, 'a damaged one is no good backup')
})

t.test('a restart makes no second backup of a day, and 0 makes none', async t => {
  const { store, clock } = await timedStore(t)
  const log = new KeptLog()
  const backupFolder = newFolder()
  clock.advance(DAY_MS)
  await new DailyBackup({ store, clock, clockWatch, log, backupFolder, keepBackups: 0 }).round()
  t.strictSame(readdirSync(backupFolder), [])
  await new DailyBackup({ store, clock, clockWatch, log, backupFolder, keepBackups: 7 }).round()
  clock.advance(HOUR_MS)
  await new DailyBackup({ store, clock, clockWatch, log, backupFolder, keepBackups: 7 }).round()
  t.equal(readdirSync(backupFolder).length, 1)
})

t.test('a backup that fails is logged and tried again in an hour', async t => {
  const { store, clock } = await timedStore(t)
  const log = new KeptLog()
  const inTheWay = join(newFolder(), 'file')
  writeFileSync(inTheWay, '')
  const deps = { store, clock, clockWatch, log, backupFolder: join(inTheWay, 'backups'), keepBackups: 7 }
  const backups = new DailyBackup(deps)
  clock.advance(DAY_MS)
  t.equal(await backups.round(), 0)
  t.match(log.lines, [/^error: The daily backup of the database failed: .*tried again in an hour/])
  clock.advance(HOUR_MS - 1)
  await backups.round()
  t.equal(log.lines.length, 1)
  deps.backupFolder = join(dirname(inTheWay), 'backups')
  mkdirSync(deps.backupFolder)
  clock.advance(1)
  await backups.round()
  t.equal(listBackups(deps.backupFolder, clock.now()).length, 1)
})

t.test('a backup that a wrong clock dated into the future counts as the oldest', async t => {
  const { store, clock } = await timedStore(t)
  const backupFolder = newFolder()
  const backups = new DailyBackup({
    store,
    clock,
    clockWatch,
    log: new KeptLog(),
    backupFolder,
    keepBackups: 1,
  })
  clock.advance(DAY_MS)
  writeFileSync(backupPath(backupFolder, clock.now() + 300 * DAY_MS), 'of a wrong clock')
  t.equal(await backups.round(), 1, 'it gives way to the new one')
  const [made, ...others] = listBackups(backupFolder, clock.now())
  t.strictSame([made?.madeAt, others], [clock.now(), []])
  clock.advance(HOUR_MS)
  await backups.round()
  t.strictSame(listBackups(backupFolder, clock.now()), [made], 'no other one is made on that day')
})

t.test('a clock that is ahead at a start replaces no backup', async t => {
  const { store, clock } = await timedStore(t)
  const backupFolder = newFolder()
  clock.advance(3 * DAY_MS)
  const old = [1, 2].map(days => backupPath(backupFolder, clock.now() - days * DAY_MS))
  for (const path of old) writeFileSync(path, 'a backup')
  const from = clock.now()
  clock.jump(30 * DAY_MS)
  const gaps = [{ from, to: clock.now() }]
  const backups = new DailyBackup({
    ...{ store, clock, log: new KeptLog(), backupFolder, keepBackups: 2, clockWatch: { gaps } },
  })
  t.equal(await backups.round(), 0)
  t.equal(listBackups(backupFolder, clock.now()).length, 3)
  clock.advance(DAY_MS)
  t.equal(await backups.round(), 2, 'a day later as many are kept as always')
})
