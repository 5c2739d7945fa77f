import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { janitorService } from '../../../../lib/control/machine/maintenance/janitor-service.ts'
import { tidying } from '../../../../lib/control/tidying.ts'
import { DailyBackup } from '../../../../lib/control/machine/maintenance/daily-backup.ts'
import { backupPath, listBackups, ownBackups } from '../../../../lib/store/restore/backups.ts'
import { newestGoodBackup } from '../../../../lib/store/restore/newest-good-backup.ts'
import type { Store } from '../../../../lib/store/store.ts'
import { FakeClock } from '../../../helpers/fake-clock.ts'
import { RecordingLog } from '../../../helpers/recording-log.ts'
import { timedStore } from '../../../helpers/store/job-store.ts'
import { until } from '../../../helpers/until.ts'
import { newFolder, newProject, openTestStore } from '../../../helpers/store/project.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

const clockWatch = { gaps: [] }

async function projectIdOf(store: Store): Promise<number> {
  const { projectId } = await store.call('store.info', {})
  return projectId ?? 0
}

t.test('makes a backup each day, keeps the configured number, and leaves other files', async t => {
  const { store, clock, paths } = await timedStore(t)
  const log = new RecordingLog()
  const backupFolder = join(newFolder(), 'new', 'backups')
  const backups = new DailyBackup({ store, clock, clockWatch, log, backupFolder, keepBackups: 2 })
  await backups.round()
  t.equal(listBackups(backupFolder, clock.now()).length, 0, 'no backup of a new database')
  clock.advance(DAY_MS)
  t.equal(await backups.round(), 0)
  t.equal(listBackups(backupFolder, clock.now()).length, 1)
  clock.advance(DAY_MS - 1)
  await backups.round()
  t.equal(listBackups(backupFolder, clock.now()).length, 1, 'no backup before a day has passed')
  writeFileSync(join(backupFolder, 'mine.db'), 'a file of the user')
  let removed = 0
  for (let day = 0; day < 2; day += 1) {
    clock.advance(DAY_MS)
    removed += await backups.round()
  }
  t.equal(removed, 1)
  const kept = listBackups(backupFolder, clock.now())
  t.equal(kept.length, 2)
  t.strictSame(readdirSync(backupFolder).length, 3)
  t.strictSame(log.lines, [])

  const newestGood = () => newestGoodBackup(backupFolder, clock.now(), paths.database)
  t.strictSame(await newestGood(), { path: kept[0]?.path, unread: null })
  writeFileSync(kept[0]?.path ?? '', 'damaged since then')
  t.strictSame(await newestGood(), { path: kept[1]?.path, unread: null }, 'a damaged backup does not count')
})

t.test('backs up a database that was created while the clock was ahead', async t => {
  const clock = new FakeClock()
  clock.jump(365 * DAY_MS)
  const store = await openTestStore(t, newProject(), 'scheduler', { clock })
  const backupFolder = newFolder()
  clock.jump(-365 * DAY_MS)
  const backups = new DailyBackup({
    store,
    clock,
    clockWatch,
    log: new RecordingLog(),
    backupFolder,
    keepBackups: 7,
  })
  await backups.round()
  t.equal(readdirSync(backupFolder).length, 1)
  clock.advance(DAY_MS - 1)
  await backups.round()
  t.equal(readdirSync(backupFolder).length, 1, 'one backup a day')
  clock.advance(60_000)
  await backups.round()
  t.equal(readdirSync(backupFolder).length, 2)
})

t.test('a restart makes no second backup of a day, and 0 disables backups', async t => {
  const { store, clock } = await timedStore(t)
  const log = new RecordingLog()
  const backupFolder = newFolder()
  clock.advance(DAY_MS)
  await new DailyBackup({ store, clock, clockWatch, log, backupFolder, keepBackups: 0 }).round()
  t.strictSame(readdirSync(backupFolder), [])
  await new DailyBackup({ store, clock, clockWatch, log, backupFolder, keepBackups: 7 }).round()
  clock.advance(HOUR_MS)
  await new DailyBackup({ store, clock, clockWatch, log, backupFolder, keepBackups: 7 }).round()
  t.equal(readdirSync(backupFolder).length, 1)
})

t.test('logs a failed backup, and tries again in an hour', async t => {
  const { store, clock } = await timedStore(t)
  const log = new RecordingLog()
  const inTheWay = join(newFolder(), 'file')
  writeFileSync(inTheWay, '')
  const reasons: string[] = []
  const onBackupFails = (reason: string) => reasons.push(reason)
  const deps = {
    ...{ store, clock, clockWatch, log, onBackupFails },
    backupFolder: join(inTheWay, 'backups'),
    keepBackups: 7,
  }
  const backups = new DailyBackup(deps)
  clock.advance(DAY_MS)
  t.equal(await backups.round(), 0)
  t.match(log.lines, [/^error: The daily backup of the database failed: .*The next try is in an hour/])
  clock.advance(HOUR_MS - 1)
  await backups.round()
  t.equal(log.lines.length, 1)
  clock.advance(1)
  await backups.round()
  t.equal(log.lines.length, 1, 'the same failure is logged once')
  t.match(reasons, [/ENOTDIR|EEXIST/], 'the failure is notified once')
  clock.advance(HOUR_MS - 1)
  deps.backupFolder = join(dirname(inTheWay), 'backups')
  mkdirSync(deps.backupFolder)
  clock.advance(1)
  await backups.round()
  t.equal(listBackups(deps.backupFolder, clock.now()).length, 1)
  t.match(log.lines.slice(1), [/^warn: The daily backup of the database works again/])
})

/**
 * Creates a file that blocks its reader, as a share without its server does. Returns the function
 * that ends the block.
 */
function hangingBackup(folder: string): () => void {
  const path = join(folder, 'automate-1970-01-01T00-00-00-000Z.db')
  execFileSync('mkfifo', [path])
  return () => rmSync(path)
}

t.test(
  'a hanging backup folder blocks neither the janitor nor its stop, and is reported once',
  { skip: process.platform === 'win32' && 'Windows has no FIFO in a folder' },
  async t => {
    const { store, clock, paths } = await timedStore(t)
    const log = new RecordingLog()
    const backupFolder = newFolder()
    const goOn = hangingBackup(backupFolder)
    const reasons: string[] = []
    const settings = {
      ...{ store, clock, paths, log, backupFolder, keepBackups: 7, folderLimitMs: 1_000 },
      ...{ keepLogsMs: DAY_MS, keepJobsMs: DAY_MS, logsLimitBytes: Infinity, tracesLimitBytes: Infinity },
      clockWatch: { gaps: [], rests: false, removalAge: (ms: number) => ms },
      logsInUse: () => ({ days: [], stems: [] }),
      onBackupFails: (reason: string) => reasons.push(reason),
    }
    clock.advance(DAY_MS)
    const tidy = tidying(settings)
    const service = janitorService(clock, tidy)
    await service.start(() => undefined)
    await service.stop('restart')
    t.strictSame(reasons, [], 'a stop is no failure')

    clock.advance(HOUR_MS)
    await service.start(() => undefined)
    await until('the failure', () => {
      // The round of the first start may not have ended yet.
      clock.advance(5_000)
      return reasons.length > 0
    })
    t.match(reasons, [/did not respond within 1 s/])
    clock.advance(HOUR_MS)
    const { signal } = new AbortController()
    const second = new DailyBackup(settings)
    await second.round(signal)
    t.equal(reasons.length, 2, 'another scheduler reports it too')
    clock.advance(HOUR_MS)
    await second.round(signal)
    t.equal(reasons.length, 2)
    t.equal(log.lines.length, 2)
    goOn()
    settings.folderLimitMs = 60_000
    clock.advance(HOUR_MS)
    await second.round(signal)
    t.equal(listBackups(backupFolder, clock.now()).length, 1)
    await service.stop('stop')
  },
)

t.test(
  'a search for the newest intact backup reports an unresponsive folder',
  { skip: process.platform === 'win32' && 'Windows has no FIFO in a folder' },
  async t => {
    const { paths, clock } = await timedStore(t)
    const folder = join(paths.data, 'backups')
    const search = () =>
      newestGoodBackup(folder, clock.now(), paths.database, { listMs: 30_000, checkMs: 1_000 })
    t.strictSame(await search(), { path: null, unread: null }, 'a missing folder contains no backup')
    mkdirSync(folder)
    const goOn = hangingBackup(folder)
    t.strictSame(await search(), { path: null, unread: { folder, reason: null } })
    goOn()
    t.strictSame(await search(), { path: null, unread: null })
  },
)

t.test('a search for the newest intact backup reports an unreadable folder', async t => {
  const { paths, clock } = await timedStore(t)
  const folder = join(paths.data, 'backups')
  writeFileSync(folder, 'in the way')
  const { path, unread } = await newestGoodBackup(folder, clock.now(), paths.database)
  t.equal(path, null)
  t.match(unread, { folder, reason: /^ENOTDIR: / })
})

t.test('a backup dated into the future by a wrong clock counts as the oldest', async t => {
  const { store, clock } = await timedStore(t)
  const backupFolder = newFolder()
  const backups = new DailyBackup({
    store,
    clock,
    clockWatch,
    log: new RecordingLog(),
    backupFolder,
    keepBackups: 1,
  })
  clock.advance(DAY_MS)
  writeFileSync(
    backupPath(backupFolder, clock.now() + 300 * DAY_MS, await projectIdOf(store)),
    'of a wrong clock',
  )
  t.equal(await backups.round(), 1, 'the new backup replaces it')
  const [made, ...others] = listBackups(backupFolder, clock.now())
  t.strictSame([made?.madeAt, others], [clock.now(), []])
  clock.advance(HOUR_MS)
  await backups.round()
  t.strictSame(listBackups(backupFolder, clock.now()), [made], 'no other backup on that day')
})

t.test('a clock that is ahead at a start replaces no backup', async t => {
  const { store, clock } = await timedStore(t)
  const backupFolder = newFolder()
  clock.advance(3 * DAY_MS)
  const id = await projectIdOf(store)
  const old = [1, 2].map(days => backupPath(backupFolder, clock.now() - days * DAY_MS, id))
  for (const path of old) writeFileSync(path, 'a backup')
  const from = clock.now()
  clock.jump(30 * DAY_MS)
  const gaps = [{ from, to: clock.now() }]
  const backups = new DailyBackup({
    ...{ store, clock, log: new RecordingLog(), backupFolder, keepBackups: 2, clockWatch: { gaps } },
  })
  t.equal(await backups.round(), 0)
  t.equal(listBackups(backupFolder, clock.now()).length, 3)
  clock.advance(DAY_MS)
  t.equal(await backups.round(), 2, 'the usual number is kept a day later')
})

/** Makes two projects that share one folder of backups. */
async function sharedBackups(t: Test, keepBackups: number) {
  const folder = newFolder()
  const project = async (madeAt: number) => {
    const [paths, clock] = [newProject(), new FakeClock()]
    clock.advance(madeAt)
    const store = await openTestStore(t, paths, 'scheduler', { clock })
    const deps = { store, clock, clockWatch, log: new RecordingLog(), backupFolder: folder, keepBackups }
    return { ...{ store, clock, paths, log: deps.log }, round: () => new DailyBackup(deps).round() }
  }
  const [first, second] = [await project(0), await project(HOUR_MS)]
  const ownOf = ({ clock, paths }: typeof first) =>
    ownBackups(folder, clock.now(), paths.database).map(({ path }) => basename(path))
  return { folder, first, second, ownOf }
}

t.test('projects that share a folder of backups have separate backups', async t => {
  const { folder, first, second, ownOf } = await sharedBackups(t, 1)
  for (let day = 0; day < 2; day += 1)
    for (const { clock, round } of [first, second]) {
      clock.advance(DAY_MS)
      await round()
    }
  t.equal(readdirSync(folder).length, 2, 'one backup of each')
  const [ownOfFirst, ownOfSecond] = [ownOf(first), ownOf(second)]
  t.equal(ownOfFirst.length, 1)
  t.equal(ownOfSecond.length, 1)
  t.strictSame([...ownOfFirst, ...ownOfSecond].toSorted(), readdirSync(folder).toSorted())
  const newest = await newestGoodBackup(folder, second.clock.now(), second.paths.database)
  t.equal(basename(newest.path ?? ''), ownOfSecond[0])
  t.strictSame([...first.log.lines, ...second.log.lines], [])
})

t.test('backups of an earlier version, without an id, still count for their project', async t => {
  const { folder, first, second, ownOf } = await sharedBackups(t, 2)
  const backup = async ({ store }: typeof first, time: string) => {
    const to = join(folder, `automate-1970-01-${time}-00-00-000Z.db`)
    await store.call('store.backup', { to })
    return to
  }
  for (const time of ['01T00', '02T00']) await backup(first, time)
  const ofSecond = await backup(second, '01T12')
  const damaged = join(folder, 'automate-1970-01-01T13-00-00-000Z.db')
  writeFileSync(damaged, 'of nobody')
  first.clock.advance(2 * DAY_MS)
  t.equal(await first.round(), 1, 'its own oldest backup')
  t.match(ownOf(first), [/^automate-/, /^automate-1970-01-02T.*-[\da-f]{8}\.db$/])
  t.equal(ownOf(first).length, 2)
  t.ok(existsSync(ofSecond))
  t.ok(existsSync(damaged))
})
