import {
  copyFileSync,
  cpSync,
  existsSync,
  readFileSync,
  readdirSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { systemClock } from '../../../lib/core/time/clock.ts'
import { ProjectPaths } from '../../../lib/core/process/paths.ts'
import { FileDatabase } from '../../../lib/store/engine/database.ts'
import { readMigrations } from '../../../lib/store/migrations/migrations-folder.ts'
import { prepareEmpty, prepareRestore } from '../../../lib/store/restore/prepare.ts'
import { replaceDatabase } from '../../../lib/store/restore/replace-database.ts'
import { crash } from '../../helpers/builders/crash.ts'
import { enqueue } from '../../helpers/store/job-store.ts'
import { PATIENT_MS, newFolder, newProject, openTestStore } from '../../helpers/store/project.ts'

const preparation = (paths: ProjectPaths) => ({
  path: paths.database,
  migrations: readMigrations(),
  now: systemClock.now(),
})

const restore = (
  paths: ProjectPaths,
  backup: string,
  { waitMs = PATIENT_MS, anyProject = false }: { waitMs?: number; anyProject?: boolean } = {},
) =>
  replaceDatabase({ paths, clock: systemClock, waitMs }, () =>
    prepareRestore(backup, { ...preparation(paths), anyProject }),
  )

const databasesOf = (paths: ProjectPaths) =>
  readdirSync(paths.data).filter(name => name.startsWith('automate.db'))

t.test('a backup replaces the database, which is set aside, and the losses are counted', async t => {
  const paths = newProject()
  const first = await openTestStore(t, paths, 'scheduler')
  const early = await enqueue(first)
  const backup = join(newFolder(), 'backup.db')
  await first.call('store.backup', { to: backup })
  await enqueue(first)
  await enqueue(first)
  await first.call('jobs.claim', { id: early })
  await first.call('jobs.finish', { id: early, attempt: 1, state: 'cancelled' })
  await first.call('crashes.record', { file: 'one', document: crash({ jobId: early }) })
  await first.close()
  const present = readFileSync(paths.database)

  const { aside, facts } = await restore(paths, backup)
  t.match(facts, { lost: { jobsQueued: 2, jobsEnded: 1, crashReports: 1, logins: 0 } })
  t.match(aside, /automate\.db\.replaced-/)
  t.ok(readFileSync(aside ?? '').equals(present), 'the earlier database is unchanged')
  t.equal(databasesOf(paths).length, 2, 'no other file remains')
  const second = await openTestStore(t, paths, 'scheduler')
  t.match(await second.call('jobs.list', {}), [{ id: early, state: 'queued' }])
})

t.test('restores the newest commits of a copied database from its WAL', async t => {
  const paths = newProject()
  const db = await FileDatabase.open(join(newFolder(), 'copied.db'))
  t.teardown(() => db.close())
  const other = newProject()
  const store = await openTestStore(t, other, 'scheduler')
  const job = await enqueue(store)
  const copy = join(newFolder(), 'copied.db')
  for (const part of ['', '-wal']) copyFileSync(other.database + part, copy + part)
  const { aside } = await restore(paths, copy)
  t.equal(aside, null)
  const restored = await openTestStore(t, paths, 'scheduler')
  t.match(await restored.call('jobs.list', {}), [{ id: job }])
})

t.test('refuses a damaged or foreign file, and changes nothing', async t => {
  const paths = newProject()
  const store = await openTestStore(t, paths, 'scheduler')
  for (let n = 0; n < 200; n += 1) await store.call('counters.increment', { name: `counter ${n}` })
  const good = join(newFolder(), 'good.db')
  await store.call('store.backup', { to: good })
  await store.close()
  const before = readFileSync(paths.database)
  const bytes = readFileSync(good)
  const damaged = join(newFolder(), 'damaged.db')
  writeFileSync(damaged, bytes.fill('x', bytes.length / 2))
  const other = await FileDatabase.open(join(newFolder(), 'other.db'))
  other.exec('CREATE TABLE things (id INTEGER)')
  other.close()
  const text = join(newFolder(), 'text.db')
  writeFileSync(text, 'not a database '.repeat(1_000))
  for (const [file, error] of [
    [other.path, { code: 'usage', message: /not a database of automate-tui/ }],
    [
      damaged,
      { code: 'store-damaged', message: /cannot be restored, because it is damaged.*Nothing was changed/ },
    ],
    [text, { code: 'store-damaged', message: /cannot be restored/ }],
    [join(newFolder(), 'none.db'), { code: 'usage', message: /There is no file/ }],
  ] as const)
    await t.rejects(restore(paths, file), error)
  t.ok(readFileSync(paths.database).equals(before))
  t.strictSame(databasesOf(paths), ['automate.db'])
})

t.test('refuses a backup whose schema differs from its migrations, and changes nothing', async t => {
  const paths = newProject()
  const store = await openTestStore(t, paths, 'scheduler')
  const good = join(newFolder(), 'good.db')
  await store.call('store.backup', { to: good })
  await store.close()
  const before = readFileSync(paths.database)
  for (const [script, error] of [
    ['DROP TABLE counters', { code: 'store-damaged', message: /table "counters" is missing.*Nothing was/ }],
    [
      `CREATE TRIGGER evil AFTER INSERT ON jobs BEGIN UPDATE jobs SET input = '{}'; END`,
      { code: 'store-damaged', message: /trigger "evil" does not belong to the schema/ },
    ],
    ['ALTER TABLE jobs ADD COLUMN more TEXT', { message: /table "jobs" differs from the one that/ }],
    [
      'DROP TABLE counters; CREATE VIEW counters AS SELECT 1 AS name, 2 AS value',
      { code: 'store-damaged', message: /table "counters" is missing.*view "counters" does not belong/ },
    ],
    ['DELETE FROM migrations', { code: 'usage', message: /is not a database of automate-tui/ }],
    [
      'DELETE FROM migrations WHERE number = 2',
      { code: 'store-damaged', message: /The table "migrations" lacks a migration/ },
    ],
  ] as const) {
    const file = join(newFolder(), 'changed.db')
    copyFileSync(good, file)
    const changed = await FileDatabase.open(file)
    changed.exec(`PRAGMA foreign_keys=OFF; ${script}`)
    changed.close()
    await t.rejects(restore(paths, file), error, script)
  }
  for (const table of [
    'CREATE TABLE migrations (number INTEGER PRIMARY KEY, name TEXT, checksum TEXT, applied_at INTEGER)',
    'CREATE TABLE migrations (id INTEGER PRIMARY KEY, migration_time TEXT)',
    'CREATE VIEW migrations AS SELECT 1 AS number',
  ]) {
    const foreign = await FileDatabase.open(join(newFolder(), 'foreign.db'))
    foreign.exec(table)
    foreign.close()
    await t.rejects(restore(paths, foreign.path), {
      code: 'usage',
      message: /is not a database of automate-tui\. Nothing was changed/,
    })
  }
  t.ok(readFileSync(paths.database).equals(before))
  t.strictSame(databasesOf(paths), ['automate.db'])
})

t.test('restores a rescued database with its lost_and_found table', async t => {
  const paths = newProject()
  const store = await openTestStore(t, paths, 'scheduler')
  await store.call('counters.increment', { name: 'n' })
  const rescued = join(newFolder(), 'rescued.db')
  await store.call('store.backup', { to: rescued })
  await store.close()
  const database = await FileDatabase.open(rescued)
  database.exec(
    'CREATE TABLE lost_and_found(rootpgno INTEGER, pgno INTEGER, nfield INTEGER, id INTEGER, c0, c1)',
  )
  database.close()
  await restore(paths, rescued)
  const second = await openTestStore(t, paths, 'scheduler')
  t.strictSame(await second.call('counters.read', { name: 'n' }), { value: 1 })
})

t.test('a check reports a schema that another program changed', async t => {
  const paths = newProject()
  const first = await openTestStore(t, paths, 'scheduler')
  t.strictSame(await first.call('store.check', {}), { ok: true, problems: [] })
  await first.close()
  const changed = await FileDatabase.open(paths.database)
  t.strictSame(changed.one('PRAGMA trusted_schema'), { trusted_schema: 0 })
  changed.exec('CREATE TRIGGER evil AFTER INSERT ON jobs BEGIN DELETE FROM counters; END')
  changed.close()
  const second = await openTestStore(t, paths, 'scheduler')
  t.strictSame(await second.call('store.check', {}), {
    ok: false,
    problems: ['The trigger "evil" does not belong to the schema of automate-tui.'],
  })
})

t.test('restores nothing while a scheduler runs', async t => {
  const paths = newProject()
  const store = await openTestStore(t, paths, 'scheduler')
  const backup = join(newFolder(), 'backup.db')
  await store.call('store.backup', { to: backup })
  await t.rejects(restore(paths, backup), {
    code: 'store-busy',
    message: /A scheduler runs .*Stop the scheduler/,
  })
  t.strictSame(await store.call('counters.increment', { name: 'n' }), { value: 1 })
})

t.test('keeps a damaged database until a person restores a backup or chooses an empty one', async t => {
  for (const way of ['restore', 'new'] as const) {
    const paths = newProject()
    const first = await openTestStore(t, paths, 'scheduler')
    await first.call('counters.increment', { name: 'n' })
    const backup = join(newFolder(), 'backup.db')
    await first.call('store.backup', { to: backup })
    await first.close()
    const bad = readFileSync(paths.database).fill('x', 4096)
    writeFileSync(paths.database, bad)
    for (const role of ['scheduler', 'transient'] as const)
      await t.rejects(openTestStore(t, paths, role), {
        code: 'store-damaged',
        message: /was not changed.*db restore.*db new/,
      })
    t.ok(readFileSync(paths.database).equals(bad), 'byte for byte')
    const { aside } =
      way === 'restore'
        ? await restore(paths, backup)
        : await replaceDatabase({ paths, clock: systemClock, waitMs: PATIENT_MS }, () =>
            prepareEmpty(preparation(paths)),
          )
    t.match(aside, /automate\.db\.damaged-/)
    t.ok(readFileSync(aside ?? '').equals(bad), 'byte for byte')
    const second = await openTestStore(t, paths, 'scheduler')
    t.strictSame(await second.call('counters.read', { name: 'n' }), { value: way === 'restore' ? 1 : 0 })
    await second.close()
  }
})

t.test('creates no empty database if one was set aside and is missing', async t => {
  const paths = newProject()
  const first = await openTestStore(t, paths, 'scheduler')
  await first.close()
  const aside = `${paths.database}.damaged-2026-01-01T00-00-00-000Z`
  copyFileSync(paths.database, aside)
  // The lock file of a killed process looks like this.
  writeFileSync(paths.database, '')
  await t.rejects(openTestStore(t, paths, 'scheduler'), {
    code: 'store-damaged',
    message: /is missing.*was set aside/,
  })
  await restore(paths, aside)
  const second = await openTestStore(t, paths, 'scheduler')
  t.ok(existsSync(aside))
  await second.close()
})

t.test('an owner stops at damage, and the file is checked completely before it is reopened', async t => {
  const paths = newProject()
  const first = await openTestStore(t, paths, 'scheduler')
  await Promise.all(
    Array.from({ length: 2_000 }, (_, n) =>
      first.call('counters.increment', { name: `${'x'.repeat(190)}${n}` }),
    ),
  )
  await first.close()
  // Makes the file larger than the limit up to which each start checks it completely.
  const large = await FileDatabase.open(paths.database)
  large.exec(
    'CREATE TABLE ballast (bytes BLOB); INSERT INTO ballast VALUES (zeroblob(20000000)); DROP TABLE ballast',
  )
  large.close()
  const whole = readFileSync(paths.database)
  const damaged = Buffer.from(whole)
  const at = damaged.indexOf(`${'x'.repeat(190)}1500`)
  damaged.fill('y', at - (at % 4096), at - (at % 4096) + 4096)
  writeFileSync(paths.database, damaged)
  const second = await openTestStore(t, paths, 'scheduler')
  await t.rejects(second.call('tables.rows', { table: 'counters', limit: 200, filter: { text: 'none' } }), {
    code: 'store-damaged',
  })
  t.match(await second.closed, { reason: 'lost-ownership', error: { code: 'store-damaged' } })
  await t.rejects(openTestStore(t, paths, 'scheduler'), { code: 'store-damaged' })
  writeFileSync(paths.database, whole)
  const third = await openTestStore(t, paths, 'scheduler')
  t.strictSame(await third.call('counters.read', { name: `${'x'.repeat(190)}1500` }), { value: 1 })
  t.strictSame(
    databasesOf(paths).filter(name => name.endsWith('.suspect')),
    [],
  )
})

/** Creates a project with one counter, a closed store, and a backup. */
async function backedUp(t: Test, counter: string) {
  const paths = newProject()
  const store = await openTestStore(t, paths, 'scheduler')
  await store.call('counters.increment', { name: counter })
  const backup = join(newFolder(), 'backup.db')
  await store.call('store.backup', { to: backup })
  const { projectId } = await store.call('store.info', {})
  await store.close()
  return { paths, backup, projectId }
}

/** Removes the id, which backups of earlier versions do not have. */
async function removeId(file: string): Promise<void> {
  const database = await FileDatabase.open(file)
  database.exec('PRAGMA user_version=0')
  database.close()
}

t.test('restores a backup of another project only on request', async t => {
  const own = await backedUp(t, 'own')
  const other = await backedUp(t, 'other')
  const before = readFileSync(own.paths.database)
  const refusal = {
    code: 'usage',
    message: /is a backup of another project\. Nothing was changed\..*--from-another-project/,
  }
  await t.rejects(restore(own.paths, other.backup), refusal)
  await removeId(other.backup)
  await t.rejects(restore(own.paths, other.backup), refusal, 'a backup of an earlier version')
  t.ok(readFileSync(own.paths.database).equals(before))
  t.strictSame(databasesOf(own.paths), ['automate.db'])

  await restore(own.paths, other.backup, { anyProject: true })
  const store = await openTestStore(t, own.paths, 'scheduler')
  t.strictSame(await store.call('counters.read', { name: 'other' }), { value: 1 })
  t.equal((await store.call('store.info', {})).projectId, own.projectId, 'the project stays the same')
  await store.close()
  await removeId(own.backup)
  await t.rejects(restore(own.paths, own.backup), refusal, 'no longer a backup of this database')
})

t.test('restores a backup of an earlier version, without an id, in its own project', async t => {
  const { paths, backup, projectId } = await backedUp(t, 'n')
  await removeId(backup)
  await restore(paths, backup)
  const store = await openTestStore(t, paths, 'scheduler')
  t.equal((await store.call('store.info', {})).projectId, projectId)
})

t.test('a project without a database accepts a backup, and keeps its own id', async t => {
  const { backup, projectId } = await backedUp(t, 'n')
  const paths = newProject()
  await restore(paths, backup)
  const store = await openTestStore(t, paths, 'scheduler')
  t.strictSame(await store.call('counters.read', { name: 'n' }), { value: 1 })
  t.not((await store.call('store.info', {})).projectId, projectId)
})

t.test('a moved project is the same project, and its copy is another one', async t => {
  const { paths, projectId } = await backedUp(t, 'n')
  const copy = newFolder()
  cpSync(paths.root, copy, { recursive: true })
  const idOf = async (root: string) => {
    const store = await openTestStore(t, new ProjectPaths(root), 'scheduler')
    const info = await store.call('store.info', {})
    await store.close()
    return info.projectId
  }
  const idOfCopy = await idOf(copy)
  t.not(idOfCopy, projectId)
  t.equal(await idOf(copy), idOfCopy)
  const moved = `${paths.root}-moved`
  renameSync(paths.root, moved)
  t.equal(await idOf(moved), projectId)
})

t.test('a project keeps its id with an empty database', async t => {
  const { paths, projectId } = await backedUp(t, 'n')
  await replaceDatabase({ paths, clock: systemClock, waitMs: PATIENT_MS }, () =>
    prepareEmpty(preparation(paths)),
  )
  const store = await openTestStore(t, paths, 'scheduler')
  t.equal((await store.call('store.info', {})).projectId, projectId)
})
